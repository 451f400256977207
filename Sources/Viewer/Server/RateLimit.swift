import Synchronization

/// A bucket of tokens that fills at a steady rate: a request takes one, and is refused where none is left.
final class RateLimit: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private let bucket: Mutex<Bucket>
    private let perSecond: Double
    private let capacity: Double

    /// - Parameter burst: how many may come at once.
    init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        capacity = burst
        bucket = Mutex(Bucket(tokens: burst, filledAt: .now))
    }

    /// - Returns: whether the request may be answered.
    func admit() -> Bool {
        bucket.withLock { bucket in
            let now = ContinuousClock.now
            let seconds = (now - bucket.filledAt) / .seconds(1)
            bucket = Bucket(tokens: min(capacity, bucket.tokens + seconds * perSecond), filledAt: now)
            guard bucket.tokens >= 1 else { return false }
            bucket.tokens -= 1
            return true
        }
    }
}
