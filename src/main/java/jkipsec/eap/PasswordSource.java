package jkipsec.eap;

import java.util.Optional;

/** Where a server finds its users' passwords, for programs that have them at hand. */
@FunctionalInterface
public interface PasswordSource {
    /**
     * Looks a user up.
     *
     * @param userName the name as the client sent it, not verified
     * @return the hash of the user's password, destroyed by whoever called; empty when there is no such user
     */
    Optional<NtHash> find(String userName);
}
