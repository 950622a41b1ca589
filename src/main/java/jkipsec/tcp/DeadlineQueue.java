package jkipsec.tcp;

import java.util.Arrays;

/**
 * Connections in the order of their next deadlines: a binary heap in which each connection knows its place, so that a
 * deadline that moves costs a few swaps and a connection without one takes no room. Confined to the stack's thread.
 */
final class DeadlineQueue {
    private TcpConnection[] heap = new TcpConnection[16];
    private int size;

    /** The earliest deadline, {@link Long#MAX_VALUE} when there is none. */
    long earliest() {
        return size == 0 ? Long.MAX_VALUE : heap[0].queuedDeadline;
    }

    /** The connection whose deadline is the earliest, null when there is none. */
    TcpConnection first() {
        return size == 0 ? null : heap[0];
    }

    /** Puts a connection where its deadline belongs; {@link Long#MAX_VALUE} takes it out. */
    void update(TcpConnection connection, long deadline) {
        if (connection.queuedDeadline == deadline) {
            return;
        }
        connection.queuedDeadline = deadline;
        if (deadline == Long.MAX_VALUE) {
            remove(connection);
            return;
        }
        if (connection.queueIndex < 0) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            place(connection, size++);
        }
        up(connection.queueIndex);
        down(connection.queueIndex);
    }

    private void remove(TcpConnection connection) {
        int index = connection.queueIndex;
        if (index < 0) {
            return;
        }
        connection.queueIndex = -1;
        TcpConnection last = heap[--size];
        heap[size] = null;
        if (last != connection) {
            place(last, index);
            up(index);
            down(last.queueIndex);
        }
    }

    private void up(int from) {
        int index = from;
        TcpConnection connection = heap[index];
        while (index > 0) {
            TcpConnection parent = heap[(index - 1) / 2];
            if (parent.queuedDeadline <= connection.queuedDeadline) {
                break;
            }
            place(parent, index);
            index = (index - 1) / 2;
        }
        place(connection, index);
    }

    private void down(int from) {
        int index = from;
        TcpConnection connection = heap[index];
        while (2 * index + 1 < size) {
            int child = 2 * index + 1;
            if (child + 1 < size && heap[child + 1].queuedDeadline < heap[child].queuedDeadline) {
                child++;
            }
            if (heap[child].queuedDeadline >= connection.queuedDeadline) {
                break;
            }
            place(heap[child], index);
            index = child;
        }
        place(connection, index);
    }

    private void place(TcpConnection connection, int index) {
        heap[index] = connection;
        connection.queueIndex = index;
    }
}
