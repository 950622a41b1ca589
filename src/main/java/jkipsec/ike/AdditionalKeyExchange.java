package jkipsec.ike;

import java.util.List;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.TransformType;

/**
 * An additional key exchange that a proposal asks for beside its first one (RFC 9370 §2.2.1): transform types 6 to 12,
 * ADDKE1 to ADDKE7, whose secrets are all mixed into the keys.
 *
 * @param number which of the seven it is, 1 to 7; they are done in this order
 * @param methods what may be used for it, the preferred one first, at least one
 * @param optional whether it may also be left out, which the wire calls NONE
 */
public record AdditionalKeyExchange(int number, List<KeyExchangeMethod> methods, boolean optional) {
    /** How many a proposal can have. */
    public static final int MOST = TransformType.ADDITIONAL_KE_7 - TransformType.ADDITIONAL_KE_1 + 1;

    /**
     * Checks the number, and that there is something to choose from; copies the list.
     *
     * @throws IllegalArgumentException when the number is not 1 to 7, or there is no method
     */
    public AdditionalKeyExchange {
        methods = List.copyOf(methods);
        if (number < 1 || number > MOST || methods.isEmpty()) {
            throw new IllegalArgumentException("an additional key exchange has a number from 1 to " + MOST
                    + " and at least one method, not number " + number + " and " + methods);
        }
    }

    /**
     * One that must take place.
     *
     * @param number which of the seven it is, 1 to 7
     * @param methods what may be used for it, the preferred one first
     * @return the key exchange
     */
    public static AdditionalKeyExchange of(int number, KeyExchangeMethod... methods) {
        return new AdditionalKeyExchange(number, List.of(methods), false);
    }

    /** The transform type of one with a number. */
    static int transformType(int number) {
        return TransformType.ADDITIONAL_KE_1 + number - 1;
    }
}
