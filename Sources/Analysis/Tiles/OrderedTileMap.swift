import Dispatch
import Synchronization

/// Computes tiles on several threads and hands their results over one at a time in tile order, so
/// that how many threads there are never shows in the result.
package struct OrderedTileMap {
    let tileCount: Int
    let threadCount: Int

    package init(tileCount: Int, threadCount: Int) {
        self.tileCount = tileCount
        self.threadCount = threadCount
    }

    /// - Parameters:
    ///   - makeWorker: what one thread needs for itself (a file handle, an arena); called once a thread.
    ///   - compute: the result for a tile; called on any thread.
    ///   - consume: called for tile 0, 1, 2, ... by one thread at a time.
    /// - Throws: the first failure in tile order; tiles after it may have been computed, but are not consumed.
    package func run<Worker, Value: Sendable, Failure: Error>(
        makeWorker: @Sendable () throws(Failure) -> Worker,
        compute: @Sendable (inout Worker, Int) throws(Failure) -> Value,
        consume: (Int, Value) throws(Failure) -> Void
    ) throws(Failure) {
        let threads = max(1, min(threadCount, tileCount))
        guard threads > 1 else {
            var worker = try makeWorker()
            for tile in 0..<tileCount { try consume(tile, compute(&worker, tile)) }
            return
        }
        // Bounds the results that wait for their turn. A thread takes a place before it takes a
        // tile, so the lowest tile that is not consumed is always being computed: no deadlock.
        let places = DispatchSemaphore(value: 2 * threads)
        try withoutActuallyEscaping(consume) { consume throws(Failure) in
            let queue = Mutex(Queue<Value, Failure>(tileCount: tileCount))
            // The compiler cannot see that it is called by one thread at a time: by whoever holds the queue's lock. A closure
            // that belongs to the caller can neither be sent into the lock, nor be `Sendable`: it fills the caller's variables.
            nonisolated(unsafe) let consume = consume
            DispatchQueue.concurrentPerform(iterations: threads) { _ in
                let worker: Result<Worker, Failure> = .init(catching: makeWorker)
                guard case .success(var worker) = worker else {
                    if case .failure(let failure) = worker { queue.withLock { $0.abort(with: failure) } }
                    places.signal()
                    return
                }
                while true {
                    places.wait()
                    guard let tile = queue.withLock({ $0.take() }) else {
                        places.signal()
                        return
                    }
                    let result: Result<Value, Failure>
                    do throws(Failure) {
                        result = .success(try compute(&worker, tile))
                    } catch {
                        result = .failure(error)
                    }
                    let consumed = queue.withLock { $0.finish(tile, with: result, consume: consume) }
                    for _ in 0..<consumed { places.signal() }
                }
            }
            if let failure = queue.withLock({ $0.failure }) { throw failure }
        }
    }

    /// Which tiles are to be computed, and results that wait for those before them.
    private struct Queue<Value: Sendable, Failure: Error> {
        let tileCount: Int
        private var nextToCompute = 0
        private var nextToConsume = 0
        private var waiting: [Int: Result<Value, Failure>] = [:]
        private(set) var failure: Failure?

        init(tileCount: Int) { self.tileCount = tileCount }

        /// The next tile to compute; nil when none is left or one has failed.
        mutating func take() -> Int? {
            guard failure == nil, nextToCompute < tileCount else { return nil }
            nextToCompute += 1
            return nextToCompute - 1
        }

        mutating func abort(with failure: Failure) {
            self.failure = self.failure ?? failure
        }

        /// Takes a tile's result and consumes all whose turn has come.
        ///
        /// - Returns: how many results no longer wait.
        mutating func finish(
            _ tile: Int, with result: Result<Value, Failure>,
            consume: (Int, Value) throws(Failure) -> Void
        ) -> Int {
            waiting[tile] = result
            var finished = 0
            while let next = waiting.removeValue(forKey: nextToConsume) {
                finished += 1
                nextToConsume += 1
                guard failure == nil else { continue }
                do throws(Failure) {
                    try consume(nextToConsume - 1, next.get())
                } catch {
                    failure = error
                }
            }
            return finished
        }
    }
}
