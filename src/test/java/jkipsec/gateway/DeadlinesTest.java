package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private static final class Alarm implements Deadlines.Timed {
        private final List<Long> ticks = new ArrayList<>();
        private long deadline;
        private long next = Long.MAX_VALUE;

        Alarm(long deadline) {
            this.deadline = deadline;
        }

        @Override
        public long nextDeadline() {
            return deadline;
        }

        @Override
        public void tick(long now) {
            ticks.add(now);
            deadline = next;
        }
    }

    private final Deadlines deadlines = new Deadlines();

    private Alarm alarm(long deadline) {
        var alarm = new Alarm(deadline);
        deadlines.update(alarm);
        return alarm;
    }

    @Test
    void aFaultInOneKeepsNoOtherWaitingAndStaysDue() {
        aFaultStopsNoOther(() -> {
            throw new IllegalStateException("broken");
        }, IllegalStateException.class);
    }

    @Test
    void neitherDoesAnError() {
        aFaultStopsNoOther(() -> {
            throw new StackOverflowError();
        }, StackOverflowError.class);
    }

    private void aFaultStopsNoOther(Runnable fault, Class<? extends Throwable> type) {
        var broken = new Deadlines.Timed() {
            @Override
            public long nextDeadline() {
                return 10;
            }

            @Override
            public void tick(long now) {
                fault.run();
            }
        };
        Alarm before = alarm(9);
        deadlines.update(broken);
        Alarm after = alarm(11);
        assertThrows(type, () -> deadlines.tick(20));
        assertEquals(List.of(20L), before.ticks);
        assertEquals(List.of(20L), after.ticks);
        assertEquals(10, deadlines.next());
    }

    @Test
    void nothingIsEverDueAmongNothing() {
        assertEquals(Long.MAX_VALUE, deadlines.next());
        alarm(Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE, deadlines.next());
        deadlines.tick(1_000);
    }

    @Test
    void theEarliestIsNextAndOnlyWhatIsDueIsCalled() {
        Alarm late = alarm(30);
        Alarm early = alarm(10);
        assertEquals(10, deadlines.next());
        deadlines.tick(10);
        assertEquals(List.of(10L), early.ticks);
        assertEquals(List.of(), late.ticks);
        assertEquals(30, deadlines.next());
        deadlines.tick(29);
        assertEquals(List.of(), late.ticks);
    }

    @Test
    void aDeadlineThatMovedLaterIsFoundOutWhenTheOldOneComes() {
        Alarm alarm = alarm(10);
        alarm.deadline = 50;
        deadlines.update(alarm);
        deadlines.tick(10);
        assertEquals(List.of(), alarm.ticks);
        assertEquals(50, deadlines.next());
        deadlines.tick(50);
        assertEquals(List.of(50L), alarm.ticks);
    }

    @Test
    void aDeadlineThatMovedEarlierIsKeptAtOnce() {
        Alarm alarm = alarm(50);
        alarm.deadline = 20;
        deadlines.update(alarm);
        assertEquals(20, deadlines.next());
        deadlines.tick(20);
        assertEquals(List.of(20L), alarm.ticks);
        deadlines.tick(50);
        assertEquals(List.of(20L), alarm.ticks, "the first deadline no longer counts");
        assertEquals(Long.MAX_VALUE, deadlines.next());
    }

    @Test
    void aDeadlineThatWentAwayIsForgottenWhenItComes() {
        Alarm alarm = alarm(10);
        alarm.deadline = Long.MAX_VALUE;
        deadlines.update(alarm);
        deadlines.tick(10);
        assertEquals(List.of(), alarm.ticks);
        assertEquals(Long.MAX_VALUE, deadlines.next());
    }

    @Test
    void eachIsCalledOnceATickAndAgainAtItsNextDeadline() {
        Alarm alarm = alarm(10);
        alarm.next = 40;
        deadlines.tick(100);
        assertEquals(List.of(100L), alarm.ticks, "a machine that is late again waits for the next tick");
        assertEquals(40, deadlines.next());
        alarm.next = 200;
        deadlines.tick(101);
        assertEquals(List.of(100L, 101L), alarm.ticks);
        assertEquals(200, deadlines.next());
    }

    @Test
    void updatingManyTimesCallsOnce() {
        Alarm alarm = alarm(10);
        for (int i = 0; i < 100; i++) {
            deadlines.update(alarm);
        }
        deadlines.tick(10);
        assertEquals(List.of(10L), alarm.ticks);
        assertEquals(Long.MAX_VALUE, deadlines.next());
    }
}
