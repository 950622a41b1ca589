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
    /** A response that answers nothing we asked. */
    UNEXPECTED_RESPONSE,
    /** Its exchange type is unknown or cannot come in this state. */
    UNEXPECTED_EXCHANGE,
    /** An unprotected response that reports an error which changes nothing. */
    UNPROTECTED_ERROR,
    /** As many handshakes are under way as policy allows. */
    HALF_OPEN_LIMIT,
    /** An unprotected answer would have exceeded the rate that policy allows. */
    RATE_LIMITED
}
