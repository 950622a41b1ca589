package jkipsec.ike;

/** Why an IKE message was dropped without an answer. */
public enum IkeDrop {
    /** It could not be parsed. */
    MALFORMED,
    /** Its SPI names no IKE SA of ours. */
    UNKNOWN_SPI,
    /** Its major version is not 2. */
    MAJOR_VERSION,
    /** Its flags or SPIs do not fit the SA they name. */
    WRONG_DIRECTION,
    /** Its integrity check failed. */
    BAD_ICV,
    /** Its message ID is not the one expected next, nor a repeat of the last. */
    OUT_OF_WINDOW,
    /** It repeats a message ID with other contents. */
    CHANGED_REPEAT,
    /** The answer to the same request is still being worked out. */
    IN_PROGRESS,
    /** A fragment although the two sides did not agree on fragments. */
    FRAGMENT_UNEXPECTED,
    /** A fragment that is there already, or that belongs to an answered request and is not its first. */
    FRAGMENT_REPEATED,
    /** A fragment of a message that its sender has since divided into more. */
    FRAGMENT_OUTDATED,
    /** A fragment of a message that has more of them than policy allows. */
    FRAGMENT_LIMIT,
    /** A response that answers nothing we asked. */
    UNEXPECTED_RESPONSE,
    /** Its exchange type is unknown or cannot come in this state. */
    UNEXPECTED_EXCHANGE,
    /** An unprotected response that reports an error which changes nothing. */
    UNPROTECTED_ERROR,
    /** As many handshakes are under way as policy allows. */
    HALF_OPEN_LIMIT,
    /** As many handshakes from its address are under way as policy allows. */
    SOURCE_LIMIT,
    /** A device's proof was forgotten because the application never came to decide about it: too many were before it. */
    DECISIONS_LIMIT,
    /** It would begin a handshake, and was answered only with a demand for a cookie. */
    COOKIE_DEMANDED,
    /** An IKE_SA_INIT request is longer than any honest one: it would be kept as long as its handshake takes. */
    INIT_TOO_LONG,
    /** An unprotected answer would have exceeded the rate that policy allows. */
    RATE_LIMITED
}
