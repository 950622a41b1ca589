package jkipsec.ike;

import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * A computation too long for the state-machine thread, such as a Diffie-Hellman agreement.
 *
 * <p>{@link #run()} may be called once on any thread. Afterwards {@link #finish(long)} must be called once on the thread
 * that owns the state machine; handing the object over through a queue is what publishes the result.
 */
public final class Work implements Runnable {
    private final IkeSa sa;
    private final Callable<Continuation> computation;
    private Continuation continuation;

    /**
     * What to do with the result, on the state machine's own thread.
     */
    @FunctionalInterface
    public interface Continuation {
        /**
         * Goes on with the result.
         *
         * @param now the time in nanoseconds
         */
        void resume(long now);
    }

    /**
     * Describes a computation.
     *
     * @param sa whose work it is
     * @param computation computes on any thread without touching the state machine, and returns how to go on; when it
     *     throws, {@code failed} is what goes on instead
     * @param failed how to go on after an exception nobody expected
     */
    Work(IkeSa sa, Callable<Continuation> computation, Continuation failed) {
        this.sa = Objects.requireNonNull(sa);
        this.computation = Objects.requireNonNull(computation);
        this.continuation = Objects.requireNonNull(failed);
    }

    /**
     * Whose work it is.
     *
     * @return the IKE SA; not to be used off its thread
     */
    public IkeSa sa() {
        return sa;
    }

    /** Computes. */
    @Override
    public void run() {
        try {
            continuation = computation.call();
        } catch (Exception e) {
            // The continuation given for failures stays in place; the exception may hold key material and goes no further.
            return;
        }
    }

    /**
     * Goes on in the state machine with what was computed.
     *
     * @param now the time in nanoseconds
     */
    public void finish(long now) {
        continuation.resume(now);
    }
}
