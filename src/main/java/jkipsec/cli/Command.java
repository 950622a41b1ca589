package jkipsec.cli;

import java.util.List;

/** One thing the command line can do. */
interface Command {
    /**
     * How it is typed.
     *
     * @return one lower-case word
     */
    String name();

    /**
     * What it does, for the list of commands.
     *
     * @return part of a line, without a full stop
     */
    String summary();

    /**
     * What it does, at length.
     *
     * @return paragraphs for the help text, in lines of at most 80 characters
     */
    String description();

    /**
     * What can be said behind its name.
     *
     * @return its options in the order in which the help lists them, without {@code --help}
     */
    List<Option> options();

    /**
     * Does it.
     *
     * @param arguments what was typed behind the name
     * @param terminal where to read and write
     * @return the exit status: 0 for success
     * @throws UsageError when an argument cannot be used
     * @throws Exception when it fails; the message becomes the complaint
     */
    int run(Arguments arguments, Terminal terminal) throws Exception;
}
