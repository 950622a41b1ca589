package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.IkePolicy.Fragmentation.Mode;
import jkipsec.ike.Reassembly.Fragment;
import jkipsec.ike.message.EncryptedFragmentPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.PayloadType;
import org.junit.jupiter.api.Test;

class ReassemblyTest {
    private static final long PATIENCE = 1_000;

    private final Reassembly reassembly =
            new Reassembly(new IkePolicy.Fragmentation(Mode.SUPPORTED, 1_280, 8, 100), PATIENCE);

    private static Fragment fragment(int number, int total) {
        return fragment(1, ExchangeType.IKE_AUTH, PayloadType.IDI, number, total);
    }

    private static Fragment fragment(int messageId, int exchange, int firstInner, int number, int total) {
        return new Fragment(
                new IkeHeader(1, 2, exchange, true, false, messageId),
                new EncryptedFragmentPayload(firstInner, number, total, new byte[40]),
                new byte[100 + number]);
    }

    private Optional<Reassembly.Whole> add(Fragment fragment, String contents) throws MalformedMessage {
        return reassembly.add(fragment, new ByteReader(contents.getBytes(), "test"), 0);
    }

    @Test
    void fragmentsComeTogetherInAnyOrder() throws MalformedMessage {
        Fragment first = fragment(1, 3);
        assertTrue(add(fragment(3, 3), "c").isEmpty());
        assertTrue(add(first, "aa").isEmpty());
        Reassembly.Whole whole = add(fragment(2, 3), "bbb").orElseThrow();
        assertEquals(PayloadType.IDI, whole.firstInner());
        assertSame(first.message(), whole.firstMessage());
        assertEquals(103, whole.longest());
        assertArrayEquals("aabbbc".getBytes(), whole.contents().rest());
        assertEquals(0, reassembly.octets());
        assertEquals(Long.MAX_VALUE, reassembly.deadline());
    }

    @Test
    void onlyTheFirstFragmentSaysWhatIsInside() throws MalformedMessage {
        add(fragment(1, ExchangeType.IKE_AUTH, PayloadType.SA, 2, 2), "b");
        assertEquals(PayloadType.IDI, add(fragment(1, 2), "a").orElseThrow().firstInner());
    }

    @Test
    void oneFragmentCanBeTheWhole() throws MalformedMessage {
        assertArrayEquals("a".getBytes(), add(fragment(1, 1), "a").orElseThrow().contents().rest());
    }

    @Test
    void section2_6_aFragmentThatIsThereIsARepetition() throws MalformedMessage {
        add(fragment(2, 3), "b");
        assertEquals(Optional.of(IkeDrop.FRAGMENT_REPEATED), reassembly.objection(fragment(2, 3)));
        assertEquals(Optional.empty(), reassembly.objection(fragment(1, 3)));
    }

    @Test
    void section2_6_aLesserTotalIsOfAnEarlierDivision() throws MalformedMessage {
        add(fragment(2, 3), "b");
        assertEquals(Optional.of(IkeDrop.FRAGMENT_OUTDATED), reassembly.objection(fragment(1, 2)));
        assertEquals(1, reassembly.fragments());
    }

    @Test
    void section2_6_aGreaterTotalStartsOver() throws MalformedMessage {
        add(fragment(1, 2), "old");
        assertEquals(Optional.empty(), reassembly.objection(fragment(2, 3)));
        assertEquals(1, reassembly.fragments(), "before its integrity is verified nothing changes");
        add(fragment(2, 3), "b");
        assertEquals(1, reassembly.fragments());
        assertEquals(1, reassembly.octets());
        add(fragment(1, 3), "a");
        assertArrayEquals("abc".getBytes(), add(fragment(3, 3), "c").orElseThrow().contents().rest());
    }

    @Test
    void anotherMessageStartsOver() throws MalformedMessage {
        add(fragment(1, 2), "old");
        Fragment next = fragment(2, ExchangeType.IKE_AUTH, 0, 2, 2);
        assertEquals(Optional.empty(), reassembly.objection(next));
        add(next, "b");
        assertEquals(1, reassembly.octets());
        add(fragment(2, ExchangeType.INFORMATIONAL, 0, 1, 2), "a");
        assertEquals(1, reassembly.fragments(), "fragments share their header");
    }

    @Test
    void section5_tooManyFragmentsAreNotTaken() {
        assertEquals(Optional.empty(), reassembly.objection(fragment(1, 8)));
        assertEquals(Optional.of(IkeDrop.FRAGMENT_LIMIT), reassembly.objection(fragment(1, 9)));
        assertEquals(Optional.of(IkeDrop.FRAGMENT_LIMIT), reassembly.objection(fragment(65_535, 65_535)));
    }

    @Test
    void section5_tooManyOctetsEndItAll() throws MalformedMessage {
        add(fragment(1, 4), "x".repeat(60));
        add(fragment(2, 4), "x".repeat(40));
        assertEquals(100, reassembly.octets());
        assertThrows(MalformedMessage.class, () -> add(fragment(3, 4), "x"));
        assertEquals(0, reassembly.octets());
    }

    @Test
    void section2_6_whatIsNotCompleteInTimeIsForgotten() throws MalformedMessage {
        assertEquals(Long.MAX_VALUE, reassembly.deadline());
        reassembly.add(fragment(1, 3), new ByteReader(new byte[1], "test"), 10);
        reassembly.add(fragment(2, 3), new ByteReader(new byte[1], "test"), 500);
        assertEquals(10 + PATIENCE, reassembly.deadline());
        reassembly.tick(9 + PATIENCE);
        assertEquals(2, reassembly.fragments());
        reassembly.tick(10 + PATIENCE);
        assertEquals(0, reassembly.fragments());
        assertEquals(Long.MAX_VALUE, reassembly.deadline());
    }
}
