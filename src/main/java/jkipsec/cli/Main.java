package jkipsec.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command line's entry: picks the command and turns what goes wrong into a complaint and an exit status. */
public final class Main {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Main() {}

    /**
     * Runs one command and exits: 0 when it succeeded, 1 when it failed, 2 when the arguments were wrong.
     *
     * @param arguments the command and its options; the demo when there are none
     */
    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments), Terminal.ofProcess()));
    }

    /**
     * All commands, in the order in which the help lists them.
     *
     * @return new instances
     */
    static List<Command> commands() {
        return List.of(new DemoCommand(), new ServeCommand(), new ConnectCommand(), new ProbeCommand(),
                new KeyCommand(), new BenchCommand());
    }

    /**
     * Runs one command.
     *
     * @param arguments the command and its options
     * @param terminal where it reads and writes
     * @return the exit status
     */
    static int run(List<String> arguments, Terminal terminal) {
        String name = arguments.isEmpty() ? "demo" : arguments.getFirst();
        List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        try {
            return switch (name) {
                case "help", "--help", "-h" -> help(rest, terminal);
                case "version", "--version" -> version(terminal);
                default -> run(find(name), rest, terminal);
            };
        } catch (UsageError wrong) {
            terminal.err().println("jkipsec: " + wrong.getMessage());
            return USAGE;
        }
    }

    private static int run(Command command, List<String> arguments, Terminal terminal) throws UsageError {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            terminal.out().print(Help.page(command));
            return 0;
        }
        try {
            return command.run(Arguments.parse(command.name(), command.options(), arguments), terminal);
        } catch (UsageError wrong) {
            throw wrong;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            terminal.err().println("jkipsec " + command.name() + ": interrupted");
        } catch (IOException | IllegalArgumentException | IllegalStateException failure) {
            terminal.err().println("jkipsec " + command.name() + ": " + reason(failure));
        } catch (Exception bug) {
            terminal.err().println("jkipsec " + command.name() + ": this should not happen, and is a bug:");
            bug.printStackTrace(terminal.err());
        }
        return FAILED;
    }

    private static String reason(Exception failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private static Command find(String name) throws UsageError {
        List<String> names = new ArrayList<>();
        for (Command command : commands()) {
            if (command.name().equals(name)) {
                return command;
            }
            names.add(command.name());
        }
        throw new UsageError("there is no command '" + name + "'" + Nearest.suggestion(name, names) + " (commands: "
                + String.join(", ", names) + ", help)");
    }

    private static int help(List<String> about, Terminal terminal) throws UsageError {
        if (about.isEmpty()) {
            terminal.out().print(Help.overview(commands()));
        } else {
            terminal.out().print(Help.page(find(about.getFirst())));
        }
        return 0;
    }

    private static int version(Terminal terminal) {
        var descriptor = Main.class.getModule().getDescriptor();
        String version = descriptor == null ? "" : descriptor.rawVersion().map(v -> " " + v).orElse("");
        terminal.out().println("jkipsec" + version + " (Java " + Runtime.version() + ")");
        return 0;
    }
}
