package jkipsec.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody probably meant to type. */
final class Nearest {
    private Nearest() {}

    /**
     * Makes the end of a complaint about an unknown name.
     *
     * @param typed what was typed
     * @param known what would have been right
     * @return {@code ; did you mean …?} with the nearest one or two, or nothing when none is near
     */
    static String suggestion(String typed, List<String> known) {
        record Candidate(String name, int distance) {}
        var near = known.stream()
                .map(name -> new Candidate(name, distance(typed.toLowerCase(Locale.ROOT), name)))
                .filter(candidate -> candidate.distance() <= allowance(typed, candidate.name()))
                .sorted(Comparator.comparingInt(Candidate::distance))
                .limit(2)
                .map(candidate -> "'" + candidate.name() + "'")
                .toList();
        return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    }

    /** Half of a short name, a third of a long one; the beginning of a name is near whatever is missing. */
    private static int allowance(String typed, String name) {
        return name.startsWith(typed) ? name.length() : Math.max(2, name.length() / 3);
    }

    /** Levenshtein's: how many characters to insert, delete or replace. */
    static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
