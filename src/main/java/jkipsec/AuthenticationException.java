package jkipsec;

import java.io.IOException;

/** A tunnel did not come up because one side could not prove who it is: a wrong key, or an identity nobody knows. */
public final class AuthenticationException extends IOException {
    private static final long serialVersionUID = 1L;

    AuthenticationException(String message) {
        super(message);
    }
}
