package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProposalsTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
        aes256gcm16-prfsha256-x25519,          AES_GCM_16_256 [HMAC_SHA2_256] [CURVE25519]
        AES256GCM16-prfsha256-curve25519,      AES_GCM_16_256 [HMAC_SHA2_256] [CURVE25519]
        aes256-sha256-prfsha256-ecp256,        AES_CBC_256/HMAC_SHA2_256_128 [HMAC_SHA2_256] [ECP_256]
        aes128gcm16-prfsha384-ecp384,          AES_GCM_16_128 [HMAC_SHA2_384] [ECP_384]
        chacha20poly1305-prfsha512-mlkem768,   CHACHA20_POLY1305 [HMAC_SHA2_512] [ML_KEM_768]
        aes128-sha256-modp2048,                AES_CBC_128/HMAC_SHA2_256_128 [HMAC_SHA2_256] [MODP_2048]
        aes256-sha384-ecp384,                  AES_CBC_256/HMAC_SHA2_384_192 [HMAC_SHA2_384] [ECP_384]
        aes256-sha512-prfsha256-ecp256,        AES_CBC_256/HMAC_SHA2_512_256 [HMAC_SHA2_256] [ECP_256]
        ecp256-modp2048-prfsha256-aes192gcm16, 'AES_GCM_16_192 [HMAC_SHA2_256] [ECP_256, MODP_2048]'
        aes256gcm16,                           'AES_GCM_16_256 [HMAC_SHA2_256] [CURVE25519, ECP_256, MODP_2048]'
        """)
    void anIkeProposalIsReadAsItsWordsSay(String text, String means) {
        IkeProposal read = Proposals.ike(text).get(0);
        assertEquals(means, read.suite() + " " + read.prfs() + " " + read.groups());
        assertEquals(1, Proposals.ike(text).size());
    }

    @Test
    void severalEncryptionsInOneProposalAreProposalsOfTheirOwnInThatOrder() {
        List<IkeProposal> read = Proposals.ike("aes128-aes256gcm16-sha512-sha256-prfsha256-x25519", "aes128gcm16");
        assertEquals(
                List.of("AES_CBC_128/HMAC_SHA2_512_256", "AES_CBC_128/HMAC_SHA2_256_128", "AES_GCM_16_256",
                        "AES_GCM_16_128"),
                read.stream().map(proposal -> proposal.suite().toString()).toList());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        aes256gcm16-x25519-ke1_mlkem768,         '1 [ML_KEM_768] false'
        aes256gcm16-x25519-KE7_ecp384-ke1_none-ke1_mlkem768, '1 [ML_KEM_768] true, 7 [ECP_384] false'
        aes256gcm16-ke2_mlkem768-ke2_ecp256-x25519, '2 [ML_KEM_768, ECP_256] false'
        aes256gcm16-x25519-ke3_none,             ''
        """)
    void additionalKeyExchangesHaveTheirNumberInFront(String text, String means) {
        assertEquals(means, Proposals.ike(text).get(0).additional().stream()
                .map(one -> one.number() + " " + one.methods() + " " + one.optional())
                .collect(Collectors.joining(", ")));
        assertEquals(List.of(KeyExchangeMethod.CURVE25519), Proposals.ike(text).get(0).groups());
    }

    @Test
    void espProposalsAreSuitesAlone() {
        assertEquals(
                List.of(CipherSuite.CHACHA20_POLY1305, CipherSuite.AES_CBC_256_HMAC_SHA2_384_192),
                Proposals.esp("chacha20poly1305", "aes256-sha384"));
    }

    @Test
    void theDefaultPolicyWrittenAsWordsIsTheDefaultPolicy() {
        assertEquals(
                IkePolicy.defaults().ikeProposals(),
                Proposals.ike("aes256gcm16-prfsha256-x25519-ecp256-modp2048-ke1_mlkem768",
                        "aes256-sha256-prfsha256-x25519-ecp256-modp2048-ke1_mlkem768",
                        "aes256gcm16-prfsha256-x25519-ecp256-modp2048",
                        "aes256-sha256-prfsha256-x25519-ecp256-modp2048"));
        assertEquals(IkePolicy.defaults().espSuites(), Proposals.esp("aes256gcm16", "aes256-sha256"));
        assertEquals(List.of(Prf.HMAC_SHA2_256), Proposals.ike("aes256gcm16").get(0).prfs());
        assertTrue(Proposals.ike("aes256gcm16").get(0).groups().contains(KeyExchangeMethod.CURVE25519));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        aes256gcm-x25519        | "aes256gcm"  | aes256gcm16
        aes256gcm16-modp1024    | "modp1024"   | modp2048
        aes256gcm16-ecp521      | "ecp521"     | ecp256, ecp384
        aes256-sha1-modp2048    | "sha1"       | sha256, sha384, sha512
        aes256gcm16-prfsha1     | "prfsha1"    | prfsha256
        3des-sha256             | "3des"       | aes256gcm16
        aes256gcm16--x25519     | ""           | aes256gcm16
        aes256gcm16,x25519      | "aes256gcm16,x25519" | aes128gcm16
        prfsha256-x25519        | no encryption | aes256gcm16
        aes256-x25519           | AES-CBC needs | sha256
        aes256gcm16-ke1_kyber3  | "ke1_kyber3" | mlkem768
        aes256gcm16-ke8_mlkem768 | "ke8_mlkem768" | ke7_
        aes256gcm16-ke1_sha256  | "ke1_sha256" | mlkem768
        aes256gcm16-sha384      | leave out sha384 | prf in front
        """)
    void whatIsNotUnderstoodIsNamedWithWhatWouldDo(String text, String named, String instead) {
        String message = assertThrows(IllegalArgumentException.class, () -> Proposals.ike(text)).getMessage();
        assertTrue(message.contains("IKE proposal \"" + text + "\""), message);
        assertTrue(message.contains(named), message);
        assertTrue(message.contains(instead), message);
    }

    @ParameterizedTest
    @CsvSource({
        "aes256gcm16-prfsha256, PRF",
        "aes256gcm16-x25519, key exchange",
        "aes256gcm16-ke1_mlkem768, key exchange",
        "aes256gcm16-sha256, leave out sha256",
        "aes256, integrity",
        "null, \"null\"",
    })
    void whatHasNoMeaningForEspIsRefused(String text, String named) {
        String message = assertThrows(IllegalArgumentException.class, () -> Proposals.esp(text)).getMessage();
        assertTrue(message.contains("ESP proposal") && message.contains(named), message);
    }

    @Test
    void noneAtAllIsRefused() {
        assertThrows(IllegalArgumentException.class, Proposals::ike);
        assertThrows(IllegalArgumentException.class, Proposals::esp);
    }
}
