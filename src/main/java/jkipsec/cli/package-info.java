/**
 * The command line: {@code java -p target/modules -m jkipsec COMMAND …}.
 *
 * <p>{@link jkipsec.cli.Main} picks a {@link jkipsec.cli.Command}; each command has a class of its own and turns its
 * arguments into a record before it does anything. Whatever is wrong with the arguments is a
 * {@link jkipsec.cli.UsageError} that names the value and says what would be right: exit status 2. Whatever fails
 * later exits with 1, success with 0.
 *
 * <p>Everything here uses the library as any other program would, through the API in package {@code jkipsec}; only the
 * benchmark, in {@code jkipsec.cli.bench}, also reaches below it. Commands read and write through {@link
 * jkipsec.cli.Terminal}, so that tests can run them in place.
 */
package jkipsec.cli;
