package jkipsec.ike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.EncryptionAlgorithm;
import jkipsec.crypto.IntegrityAlgorithm;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;

/**
 * Proposals written as words with hyphens between, with the names that strongSwan made usual:
 * {@code aes256gcm16-prfsha256-x25519} for IKE, {@code aes256-sha256} for ESP.
 *
 * <pre>
 *   encryption    aes128 aes192 aes256 (CBC), aes128gcm16 aes192gcm16 aes256gcm16, chacha20poly1305
 *   integrity     sha256 sha384 sha512; with CBC only
 *   PRF           prfsha256 prfsha384 prfsha512; IKE only
 *   key exchange  x25519 ecp256 ecp384 modp2048 mlkem768; IKE only
 *   additional    ke1_mlkem768 to ke7_mlkem768, likewise with the other key exchanges; ke1_none and so on
 *                 leave it to the peer; IKE only
 * </pre>
 *
 * <p>Of each kind several words may stand in one proposal, the preferred one first. An IKE proposal without a PRF takes
 * those of its integrity algorithms, or HMAC-SHA-256; one without a key exchange takes groups 31, 19 and 14. Additional
 * key exchanges (RFC 9370) are demanded of the peer; for peers without, add a proposal without. All static.
 */
public final class Proposals {
    private static final Map<String, Object> WORDS = new LinkedHashMap<>();

    static {
        for (int bits : EncryptionAlgorithm.AES_GCM_16.keyBits()) {
            WORDS.put("aes" + bits + "gcm16", new Encryption(EncryptionAlgorithm.AES_GCM_16, bits));
        }
        WORDS.put("chacha20poly1305", new Encryption(EncryptionAlgorithm.CHACHA20_POLY1305, 256));
        for (int bits : EncryptionAlgorithm.AES_CBC.keyBits()) {
            WORDS.put("aes" + bits, new Encryption(EncryptionAlgorithm.AES_CBC, bits));
        }
        WORDS.put("sha256", IntegrityAlgorithm.HMAC_SHA2_256_128);
        WORDS.put("sha384", IntegrityAlgorithm.HMAC_SHA2_384_192);
        WORDS.put("sha512", IntegrityAlgorithm.HMAC_SHA2_512_256);
        WORDS.put("prfsha256", Prf.HMAC_SHA2_256);
        WORDS.put("prfsha384", Prf.HMAC_SHA2_384);
        WORDS.put("prfsha512", Prf.HMAC_SHA2_512);
        WORDS.put("x25519", KeyExchangeMethod.CURVE25519);
        WORDS.put("curve25519", KeyExchangeMethod.CURVE25519);
        WORDS.put("ecp256", KeyExchangeMethod.ECP_256);
        WORDS.put("ecp384", KeyExchangeMethod.ECP_384);
        WORDS.put("modp2048", KeyExchangeMethod.MODP_2048);
        WORDS.put("mlkem768", KeyExchangeMethod.ML_KEM_768);
    }

    /** The word for leaving an additional key exchange out. */
    private static final String NONE = "none";

    private record Encryption(EncryptionAlgorithm algorithm, int keyBits) {}

    private record Additional(int number, Optional<KeyExchangeMethod> method) {}

    private Proposals() {}

    /**
     * Reads proposals for IKE SAs.
     *
     * @param texts one or more proposals, the preferred one first; letters of either case
     * @return at least one proposal, in that order
     * @throws IllegalArgumentException when there is none, or one is not understood or cannot be; the message names the
     *         word and what would do
     */
    public static List<IkeProposal> ike(String... texts) {
        requireSome("IKE", texts);
        return Arrays.stream(texts).flatMap(text -> new Parsed("IKE", text).ike()).toList();
    }

    /**
     * Reads proposals for Child SAs.
     *
     * @param texts one or more proposals, the preferred one first; letters of either case
     * @return at least one suite, in that order
     * @throws IllegalArgumentException when there is none, or one is not understood or cannot be; the message names the
     *         word and what would do
     */
    public static List<CipherSuite> esp(String... texts) {
        requireSome("ESP", texts);
        return Arrays.stream(texts).flatMap(text -> new Parsed("ESP", text).esp()).toList();
    }

    private static void requireSome(String protocol, String... texts) {
        if (texts.length == 0) {
            throw new IllegalArgumentException(
                    "no " + protocol + " proposal is given; write one such as aes256gcm16-prfsha256-x25519");
        }
    }

    /** The words of one proposal by kind. */
    private static final class Parsed {
        private final String protocol;
        private final String text;
        private final Set<Object> meanings = new LinkedHashSet<>();

        Parsed(String protocol, String text) {
            this.protocol = protocol;
            this.text = text;
            for (String typed : text.strip().split("-", -1)) {
                meanings.add(meaning(typed.toLowerCase(Locale.ROOT)).orElseThrow(() ->
                        wrong("the word \"" + typed + "\" is not known; there are " + near(typed))));
            }
            if (of(Encryption.class).isEmpty()) {
                throw wrong("there is no encryption algorithm; there are " + words(Encryption.class::isInstance));
            }
        }

        private static Optional<Object> meaning(String word) {
            for (int number = 1; number <= AdditionalKeyExchange.MOST; number++) {
                String prefix = "ke" + number + "_";
                if (word.startsWith(prefix)) {
                    return additional(number, word.substring(prefix.length()));
                }
            }
            return Optional.ofNullable(WORDS.get(word));
        }

        private static Optional<Object> additional(int number, String word) {
            if (word.equals(NONE)) {
                return Optional.of(new Additional(number, Optional.empty()));
            }
            return WORDS.get(word) instanceof KeyExchangeMethod method
                    ? Optional.of(new Additional(number, Optional.of(method)))
                    : Optional.empty();
        }

        Stream<IkeProposal> ike() {
            List<KeyExchangeMethod> groups = of(KeyExchangeMethod.class);
            List<CipherSuite> suites = suites(" (for the PRF alone write prf in front of it)");
            return suites.stream().map(suite -> new IkeProposal(
                    suite, prfs(), groups.isEmpty() ? IkePolicy.DEFAULT_GROUPS : groups, additional()));
        }

        private List<AdditionalKeyExchange> additional() {
            var byNumber = new TreeMap<Integer, List<Additional>>();
            of(Additional.class).forEach(
                    word -> byNumber.computeIfAbsent(word.number(), number -> new ArrayList<>()).add(word));
            return byNumber.entrySet().stream().flatMap(entry -> {
                List<KeyExchangeMethod> methods = entry.getValue().stream()
                        .flatMap(word -> word.method().stream())
                        .toList();
                boolean optional = methods.size() < entry.getValue().size();
                return methods.isEmpty()
                        ? Stream.empty()
                        : Stream.of(new AdditionalKeyExchange(entry.getKey(), methods, optional));
            }).toList();
        }

        Stream<CipherSuite> esp() {
            if (!of(Prf.class).isEmpty()) {
                throw wrong("it names a PRF, which ESP takes from its IKE SA; leave it out");
            }
            if (!of(KeyExchangeMethod.class).isEmpty() || !of(Additional.class).isEmpty()) {
                throw wrong("it names a key exchange, but Child SAs take those of the IKE proposals; leave it out");
            }
            return suites("").stream();
        }

        private List<Prf> prfs() {
            List<Prf> named = of(Prf.class);
            if (!named.isEmpty()) {
                return named;
            }
            List<Prf> implied = of(IntegrityAlgorithm.class).stream().map(Parsed::sameHash).toList();
            return implied.isEmpty() ? IkePolicy.DEFAULT_PRFS : implied;
        }

        private static Prf sameHash(IntegrityAlgorithm integrity) {
            return switch (integrity) {
                case HMAC_SHA2_384_192 -> Prf.HMAC_SHA2_384;
                case HMAC_SHA2_512_256 -> Prf.HMAC_SHA2_512;
                default -> Prf.HMAC_SHA2_256;
            };
        }

        /** Every encryption with every integrity algorithm that it needs. */
        private List<CipherSuite> suites(String hint) {
            List<IntegrityAlgorithm> integrity = of(IntegrityAlgorithm.class);
            List<Encryption> encryption = of(Encryption.class);
            if (!integrity.isEmpty() && encryption.stream().allMatch(e -> e.algorithm().isAead())) {
                throw wrong("its encryption protects integrity itself; leave out "
                        + words(word -> integrity.contains(word)) + hint);
            }
            if (integrity.isEmpty() && encryption.stream().anyMatch(e -> !e.algorithm().isAead())) {
                throw wrong("AES-CBC needs an integrity algorithm beside it: add "
                        + words(IntegrityAlgorithm.class::isInstance) + ", or use aes256gcm16");
            }
            var suites = new ArrayList<CipherSuite>();
            for (Encryption e : encryption) {
                List<IntegrityAlgorithm> beside = e.algorithm().isAead() ? List.of(IntegrityAlgorithm.NONE) : integrity;
                beside.forEach(i -> suites.add(new CipherSuite(e.algorithm(), e.keyBits(), i)));
            }
            return suites;
        }

        private <K> List<K> of(Class<K> kind) {
            return meanings.stream().filter(kind::isInstance).map(kind::cast).toList();
        }

        /** The words with the same letters in front, or all. */
        private static String near(String typed) {
            if (typed.toLowerCase(Locale.ROOT).startsWith("ke")) {
                return "ke1_ to ke7_ with behind it " + words(KeyExchangeMethod.class::isInstance) + " or " + NONE;
            }
            String letters = typed.toLowerCase(Locale.ROOT).replaceFirst("(?s)[^a-z].*", "");
            boolean some = !letters.isEmpty() && WORDS.keySet().stream().anyMatch(word -> word.startsWith(letters));
            return String.join(", ", WORDS.keySet().stream().filter(word -> !some || word.startsWith(letters)).toList());
        }

        private static String words(Predicate<Object> meaning) {
            return String.join(" or ", WORDS.entrySet().stream()
                    .filter(entry -> meaning.test(entry.getValue()))
                    .map(Map.Entry::getKey)
                    .toList());
        }

        private IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException("the " + protocol + " proposal \"" + text + "\" cannot be used: " + why);
        }
    }
}
