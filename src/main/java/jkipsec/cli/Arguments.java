package jkipsec.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command's arguments, sorted by option. Options are typed {@code --name value} or {@code --name=value}; no command
 * takes anything else. Immutable.
 */
final class Arguments {
    private final List<Option> options;
    private final Map<String, List<String>> values;

    private Arguments(List<Option> options, Map<String, List<String>> values) {
        this.options = options;
        this.values = values;
    }

    /**
     * Sorts arguments.
     *
     * @param command the command they are for, named in complaints
     * @param options what the command knows
     * @param arguments what was typed behind the command's name
     * @return the values by option
     * @throws UsageError when an option is unknown, lacks its value or has one too many, or something is no option
     */
    static Arguments parse(String command, List<Option> options, List<String> arguments) throws UsageError {
        Map<String, List<String>> values = new LinkedHashMap<>();
        var names = options.stream().map(Option::name).toList();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("-")) {
                throw new UsageError(command + " takes options only, and '" + argument + "' is none"
                        + Nearest.suggestion("--" + argument, names));
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            Option option = options.stream().filter(known -> known.name().equals(name)).findFirst()
                    .orElseThrow(() -> new UsageError(command + " has no option '" + name + "'"
                            + Nearest.suggestion(name, names) + " ('" + command + " --help' lists them)"));
            String value = "";
            if (option.takesValue()) {
                if (equals >= 0) {
                    value = argument.substring(equals + 1);
                } else if (i + 1 < arguments.size()) {
                    value = arguments.get(++i);
                }
                if (value.isEmpty()) {
                    throw new UsageError(name + " needs a value: " + option.usage());
                }
            } else if (equals >= 0) {
                throw new UsageError(name + " takes no value, and was given '" + argument.substring(equals + 1) + "'");
            }
            List<String> given = values.computeIfAbsent(name, key -> new ArrayList<>());
            if (!given.isEmpty() && !option.repeatable()) {
                throw new UsageError(name + " was given twice"
                        + (option.takesValue() ? " ('" + given.getFirst() + "' and '" + value + "')" : "")
                        + "; give it once");
            }
            given.add(value);
        }
        return new Arguments(options, values);
    }

    /**
     * Whether the command has an option at all.
     *
     * @param name the option
     * @return true when it could have been given
     */
    boolean knows(String name) {
        return options.stream().anyMatch(option -> option.name().equals(name));
    }

    /**
     * Whether an option was given.
     *
     * @param name the option
     * @return true when it was
     */
    boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * The value of an option that is given at most once.
     *
     * @param name the option
     * @return its value, when it was given
     */
    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name)).map(List::getFirst);
    }

    /**
     * The values of an option that may be given often.
     *
     * @param name the option
     * @return its values in order, perhaps none
     */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
