package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import jkipsec.ike.TerminationCause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventDeliveryTest {
    private static final TunnelEvent IKE = new TunnelEvent.Rekeyed(TunnelEvent.Keys.IKE);
    private static final TunnelEvent CHILD = new TunnelEvent.Rekeyed(TunnelEvent.Keys.CHILD);
    private static final TunnelEvent CLOSED = new TunnelEvent.Closed(new TerminationCause.ClosedLocally());

    private final BlockingQueue<TunnelEvent> heard = new LinkedBlockingQueue<>();
    private final Semaphore goOn = new Semaphore(0);

    private List<TunnelEvent> take(int count) throws InterruptedException {
        var taken = new ArrayList<TunnelEvent>();
        for (int i = 0; i < count; i++) {
            taken.add(heard.take());
        }
        return taken;
    }

    /** To one that has entered, and not left, its method with the first event. */
    private EventDelivery toAListenerThatHasStopped() throws InterruptedException {
        var entered = new CountDownLatch(1);
        var delivery = new EventDelivery(event -> {
            entered.countDown();
            goOn.acquireUninterruptibly();
            heard.add(event);
        });
        delivery.tell(IKE);
        entered.await();
        return delivery;
    }

    @Test
    void eventsAreToldInOrderOnAVirtualThread() throws Exception {
        var virtual = new LinkedBlockingQueue<Boolean>();
        var delivery = new EventDelivery(event -> {
            virtual.add(Thread.currentThread().isVirtual());
            heard.add(event);
        });
        delivery.tell(IKE);
        delivery.tell(CHILD);
        delivery.tell(CLOSED);
        assertEquals(List.of(IKE, CHILD, CLOSED), take(3));
        assertTrue(virtual.take());
    }

    @Test
    void aListenerThatThrowsHearsTheNextEvent() throws Exception {
        var delivery = new EventDelivery(event -> {
            heard.add(event);
            throw new IllegalStateException("the application's own");
        });
        delivery.tell(IKE);
        assertEquals(List.of(IKE), take(1));
        delivery.tell(CHILD);
        assertEquals(List.of(CHILD), take(1));
    }

    @Test
    void aSlowListenerLosesTheLatestAndIsToldHowManyButHearsTheEnd() throws Exception {
        EventDelivery delivery = toAListenerThatHasStopped();
        for (int i = 0; i < EventDelivery.MOST_WAITING + 1_000; i++) {
            delivery.tell(CHILD);
        }
        delivery.tell(CLOSED);
        goOn.release(Integer.MAX_VALUE);
        List<TunnelEvent> told = take(EventDelivery.MOST_WAITING + 3);
        assertEquals(IKE, told.get(0));
        assertEquals(new TunnelEvent.Missed(1_000), told.get(told.size() - 2));
        assertEquals(CLOSED, told.get(told.size() - 1));
        assertTrue(heard.isEmpty());
    }

    @Test
    void whatWasMissedIsToldEvenWhenNothingFollows() throws Exception {
        EventDelivery delivery = toAListenerThatHasStopped();
        for (int i = 0; i < EventDelivery.MOST_WAITING + 7; i++) {
            delivery.tell(CHILD);
        }
        goOn.release(Integer.MAX_VALUE);
        List<TunnelEvent> told = take(EventDelivery.MOST_WAITING + 2);
        assertEquals(new TunnelEvent.Missed(7), told.get(told.size() - 1));
    }
}
