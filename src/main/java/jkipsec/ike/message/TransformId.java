package jkipsec.ike.message;

/**
 * Transform identifiers (RFC 7296 §3.3.2 and the IANA registries for each transform type). The same number means
 * something else under each {@link TransformType}; the constants are grouped by it and named as in the registries.
 */
public final class TransformId {
    /** Encryption algorithm 3DES. */
    public static final int ENCR_3DES = 3;

    /** Encryption algorithm NULL. */
    public static final int ENCR_NULL = 11;

    /** Encryption algorithm AES CBC. */
    public static final int ENCR_AES_CBC = 12;

    /** Encryption algorithm AES CTR. */
    public static final int ENCR_AES_CTR = 13;

    /** Encryption algorithm AES CCM 8. */
    public static final int ENCR_AES_CCM_8 = 14;

    /** Encryption algorithm AES CCM 12. */
    public static final int ENCR_AES_CCM_12 = 15;

    /** Encryption algorithm AES CCM 16. */
    public static final int ENCR_AES_CCM_16 = 16;

    /** Encryption algorithm AES GCM 8. */
    public static final int ENCR_AES_GCM_8 = 18;

    /** Encryption algorithm AES GCM 12. */
    public static final int ENCR_AES_GCM_12 = 19;

    /** Encryption algorithm AES GCM 16. */
    public static final int ENCR_AES_GCM_16 = 20;

    /** Encryption algorithm NULL AES GMAC. */
    public static final int ENCR_NULL_AUTH_AES_GMAC = 21;

    /** Encryption algorithm CAMELLIA CBC. */
    public static final int ENCR_CAMELLIA_CBC = 23;

    /** Encryption algorithm CHACHA20 POLY1305. */
    public static final int ENCR_CHACHA20_POLY1305 = 28;

    /** Encryption algorithm AES CCM 8 IIV. */
    public static final int ENCR_AES_CCM_8_IIV = 29;

    /** Encryption algorithm AES GCM 16 IIV. */
    public static final int ENCR_AES_GCM_16_IIV = 30;

    /** Encryption algorithm CHACHA20 POLY1305 IIV. */
    public static final int ENCR_CHACHA20_POLY1305_IIV = 31;

    /** Pseudorandom function HMAC MD5. */
    public static final int PRF_HMAC_MD5 = 1;

    /** Pseudorandom function HMAC SHA1. */
    public static final int PRF_HMAC_SHA1 = 2;

    /** Pseudorandom function AES128 XCBC. */
    public static final int PRF_AES128_XCBC = 4;

    /** Pseudorandom function HMAC SHA2 256. */
    public static final int PRF_HMAC_SHA2_256 = 5;

    /** Pseudorandom function HMAC SHA2 384. */
    public static final int PRF_HMAC_SHA2_384 = 6;

    /** Pseudorandom function HMAC SHA2 512. */
    public static final int PRF_HMAC_SHA2_512 = 7;

    /** Pseudorandom function AES128 CMAC. */
    public static final int PRF_AES128_CMAC = 8;

    /** Integrity algorithm for ciphers that authenticate. */
    public static final int AUTH_NONE = 0;

    /** Integrity algorithm HMAC MD5 96. */
    public static final int AUTH_HMAC_MD5_96 = 1;

    /** Integrity algorithm HMAC SHA1 96. */
    public static final int AUTH_HMAC_SHA1_96 = 2;

    /** Integrity algorithm AES XCBC 96. */
    public static final int AUTH_AES_XCBC_96 = 5;

    /** Integrity algorithm AES CMAC 96. */
    public static final int AUTH_AES_CMAC_96 = 8;

    /** Integrity algorithm AES 128 GMAC. */
    public static final int AUTH_AES_128_GMAC = 9;

    /** Integrity algorithm AES 192 GMAC. */
    public static final int AUTH_AES_192_GMAC = 10;

    /** Integrity algorithm AES 256 GMAC. */
    public static final int AUTH_AES_256_GMAC = 11;

    /** Integrity algorithm HMAC SHA2 256 128. */
    public static final int AUTH_HMAC_SHA2_256_128 = 12;

    /** Integrity algorithm HMAC SHA2 384 192. */
    public static final int AUTH_HMAC_SHA2_384_192 = 13;

    /** Integrity algorithm HMAC SHA2 512 256. */
    public static final int AUTH_HMAC_SHA2_512_256 = 14;

    /** Key exchange method for SAs without one. */
    public static final int KE_NONE = 0;

    /** Key exchange method MODP 768. */
    public static final int MODP_768 = 1;

    /** Key exchange method MODP 1024. */
    public static final int MODP_1024 = 2;

    /** Key exchange method MODP 1536. */
    public static final int MODP_1536 = 5;

    /** Key exchange method MODP 2048. */
    public static final int MODP_2048 = 14;

    /** Key exchange method MODP 3072. */
    public static final int MODP_3072 = 15;

    /** Key exchange method MODP 4096. */
    public static final int MODP_4096 = 16;

    /** Key exchange method MODP 6144. */
    public static final int MODP_6144 = 17;

    /** Key exchange method MODP 8192. */
    public static final int MODP_8192 = 18;

    /** Key exchange method ECP 256. */
    public static final int ECP_256 = 19;

    /** Key exchange method ECP 384. */
    public static final int ECP_384 = 20;

    /** Key exchange method ECP 521. */
    public static final int ECP_521 = 21;

    /** Key exchange method MODP 1024 160. */
    public static final int MODP_1024_160 = 22;

    /** Key exchange method MODP 2048 224. */
    public static final int MODP_2048_224 = 23;

    /** Key exchange method MODP 2048 256. */
    public static final int MODP_2048_256 = 24;

    /** Key exchange method ECP 192. */
    public static final int ECP_192 = 25;

    /** Key exchange method ECP 224. */
    public static final int ECP_224 = 26;

    /** Key exchange method CURVE25519. */
    public static final int CURVE25519 = 31;

    /** Key exchange method CURVE448. */
    public static final int CURVE448 = 32;

    /** Key exchange method ML KEM 512. */
    public static final int ML_KEM_512 = 35;

    /** Key exchange method ML KEM 768. */
    public static final int ML_KEM_768 = 36;

    /** Key exchange method ML KEM 1024. */
    public static final int ML_KEM_1024 = 37;

    /** Sequence number size: 32 bits. */
    public static final int NO_ESN = 0;

    /** Sequence number size: 64 bits. */
    public static final int ESN = 1;

    private TransformId() {}

    /**
     * The name of a transform.
     *
     * @param type its {@link TransformType}
     * @param id the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String nameOf(int type, int id) {
        if (type >= TransformType.ADDITIONAL_KE_1 && type <= TransformType.ADDITIONAL_KE_7) {
            return "KE" + (type - TransformType.ADDITIONAL_KE_1 + 1) + "_" + keyExchange(id);
        }
        return switch (type) {
            case TransformType.ENCR -> encryption(id);
            case TransformType.PRF -> prf(id);
            case TransformType.INTEG -> integrity(id);
            case TransformType.KE -> keyExchange(id);
            case TransformType.ESN -> id == NO_ESN ? "NO_ESN" : id == ESN ? "ESN" : "ESN " + id;
            default -> TransformType.nameOf(type) + " " + id;
        };
    }

    /**
     * The name of a key exchange method, as a KE payload names it too.
     *
     * @param id the number on the wire
     * @return its name, or the number when it has none here
     */
    public static String keyExchange(int id) {
        return switch (id) {
            case KE_NONE -> "KE_NONE";
            case MODP_768 -> "MODP_768";
            case MODP_1024 -> "MODP_1024";
            case MODP_1536 -> "MODP_1536";
            case MODP_2048 -> "MODP_2048";
            case MODP_3072 -> "MODP_3072";
            case MODP_4096 -> "MODP_4096";
            case MODP_6144 -> "MODP_6144";
            case MODP_8192 -> "MODP_8192";
            case ECP_256 -> "ECP_256";
            case ECP_384 -> "ECP_384";
            case ECP_521 -> "ECP_521";
            case MODP_1024_160 -> "MODP_1024_160";
            case MODP_2048_224 -> "MODP_2048_224";
            case MODP_2048_256 -> "MODP_2048_256";
            case ECP_192 -> "ECP_192";
            case ECP_224 -> "ECP_224";
            case CURVE25519 -> "CURVE25519";
            case CURVE448 -> "CURVE448";
            case ML_KEM_512 -> "ML_KEM_512";
            case ML_KEM_768 -> "ML_KEM_768";
            case ML_KEM_1024 -> "ML_KEM_1024";
            default -> "KE " + id;
        };
    }

    private static String encryption(int id) {
        return switch (id) {
            case ENCR_3DES -> "ENCR_3DES";
            case ENCR_NULL -> "ENCR_NULL";
            case ENCR_AES_CBC -> "ENCR_AES_CBC";
            case ENCR_AES_CTR -> "ENCR_AES_CTR";
            case ENCR_AES_CCM_8 -> "ENCR_AES_CCM_8";
            case ENCR_AES_CCM_12 -> "ENCR_AES_CCM_12";
            case ENCR_AES_CCM_16 -> "ENCR_AES_CCM_16";
            case ENCR_AES_GCM_8 -> "ENCR_AES_GCM_8";
            case ENCR_AES_GCM_12 -> "ENCR_AES_GCM_12";
            case ENCR_AES_GCM_16 -> "ENCR_AES_GCM_16";
            case ENCR_NULL_AUTH_AES_GMAC -> "ENCR_NULL_AUTH_AES_GMAC";
            case ENCR_CAMELLIA_CBC -> "ENCR_CAMELLIA_CBC";
            case ENCR_CHACHA20_POLY1305 -> "ENCR_CHACHA20_POLY1305";
            case ENCR_AES_CCM_8_IIV -> "ENCR_AES_CCM_8_IIV";
            case ENCR_AES_GCM_16_IIV -> "ENCR_AES_GCM_16_IIV";
            case ENCR_CHACHA20_POLY1305_IIV -> "ENCR_CHACHA20_POLY1305_IIV";
            default -> "ENCR " + id;
        };
    }

    private static String prf(int id) {
        return switch (id) {
            case PRF_HMAC_MD5 -> "PRF_HMAC_MD5";
            case PRF_HMAC_SHA1 -> "PRF_HMAC_SHA1";
            case PRF_AES128_XCBC -> "PRF_AES128_XCBC";
            case PRF_HMAC_SHA2_256 -> "PRF_HMAC_SHA2_256";
            case PRF_HMAC_SHA2_384 -> "PRF_HMAC_SHA2_384";
            case PRF_HMAC_SHA2_512 -> "PRF_HMAC_SHA2_512";
            case PRF_AES128_CMAC -> "PRF_AES128_CMAC";
            default -> "PRF " + id;
        };
    }

    private static String integrity(int id) {
        return switch (id) {
            case AUTH_NONE -> "AUTH_NONE";
            case AUTH_HMAC_MD5_96 -> "AUTH_HMAC_MD5_96";
            case AUTH_HMAC_SHA1_96 -> "AUTH_HMAC_SHA1_96";
            case AUTH_AES_XCBC_96 -> "AUTH_AES_XCBC_96";
            case AUTH_AES_CMAC_96 -> "AUTH_AES_CMAC_96";
            case AUTH_AES_128_GMAC -> "AUTH_AES_128_GMAC";
            case AUTH_AES_192_GMAC -> "AUTH_AES_192_GMAC";
            case AUTH_AES_256_GMAC -> "AUTH_AES_256_GMAC";
            case AUTH_HMAC_SHA2_256_128 -> "AUTH_HMAC_SHA2_256_128";
            case AUTH_HMAC_SHA2_384_192 -> "AUTH_HMAC_SHA2_384_192";
            case AUTH_HMAC_SHA2_512_256 -> "AUTH_HMAC_SHA2_512_256";
            default -> "AUTH " + id;
        };
    }
}
