package jkipsec.cli;

/**
 * One option of a command.
 *
 * @param name how it is typed, such as {@code --bind}
 * @param value what its value is called in the help, such as {@code ADDRESS}; empty when it takes none
 * @param repeatable whether it may be given more than once
 * @param help what it does, for the help text; a sentence or two without line breaks
 */
record Option(String name, String value, boolean repeatable, String help) {
    /**
     * An option with a value, given at most once.
     *
     * @param name how it is typed
     * @param value what its value is called
     * @param help what it does
     * @return the option
     */
    static Option one(String name, String value, String help) {
        return new Option(name, value, false, help);
    }

    /**
     * An option with a value, given any number of times.
     *
     * @param name how it is typed
     * @param value what its value is called
     * @param help what it does
     * @return the option
     */
    static Option many(String name, String value, String help) {
        return new Option(name, value, true, help);
    }

    /**
     * An option without a value.
     *
     * @param name how it is typed
     * @param help what it does
     * @return the option
     */
    static Option flag(String name, String help) {
        return new Option(name, "", false, help);
    }

    /**
     * Whether a value follows.
     *
     * @return false for a flag
     */
    boolean takesValue() {
        return !value.isEmpty();
    }

    /**
     * How it is typed, with what its value is called.
     *
     * @return such as {@code --bind ADDRESS}
     */
    String usage() {
        return takesValue() ? name + " " + value : name;
    }
}
