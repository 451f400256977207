import Dispatch
import FindingStore
import Findings

/// Where reviews are written down, one after the other.
final class ReviewDesk: Sendable {
    private let database: String
    private let queue = DispatchQueue(label: "scanreport.reviews")

    init(database: String) { self.database = database }

    /// Adds a review; it is on the disk when this returns.
    func add(_ review: Review, of finding: FindingID) async throws {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(
                    with: Result { try ReviewFile.forWriting(besides: self.database).add(review, of: finding) })
            }
        }
    }
}
