package jkipsec.cli;

import java.util.ArrayList;
import java.util.List;

/** Lays out the help texts, for lines of 80 characters. */
final class Help {
    private static final int WIDTH = 80;
    private static final int INDENT = 6;

    private Help() {}

    /**
     * The page that lists the commands.
     *
     * @param commands the commands, in order
     * @return the text, ending with a line break
     */
    static String overview(List<Command> commands) {
        var text = new StringBuilder("""
                jkipsec: an IKEv2/IPsec VPN endpoint in user space, with blocking sockets to the
                device at its other end.

                usage: java -p target/modules -m jkipsec [COMMAND] [OPTION]...
                   or: mvn -q compile exec:exec -Djkipsec.args="COMMAND OPTION..."

                commands (demo when none is named):
                """);
        for (Command command : commands) {
            text.append(String.format("  %-8s %s%n", command.name(), command.summary()));
        }
        return text.append("\n'COMMAND --help' explains a command; --version says which version this is.\n").toString();
    }

    /**
     * A command's page.
     *
     * @param command the command
     * @return the text, ending with a line break
     */
    static String page(Command command) {
        var text = new StringBuilder("usage: jkipsec " + command.name()
                + (command.options().isEmpty() ? "" : " [OPTION]...") + "\n\n" + command.description().strip() + "\n");
        if (!command.options().isEmpty()) {
            text.append("\noptions:\n");
        }
        for (Option option : command.options()) {
            text.append("  ").append(option.usage()).append(option.repeatable() ? "   (repeatable)" : "").append('\n');
            for (String line : wrap(option.help(), WIDTH - INDENT)) {
                text.append(" ".repeat(INDENT)).append(line).append('\n');
            }
        }
        return text.toString();
    }

    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
