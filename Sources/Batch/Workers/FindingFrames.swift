import Findings

/// Findings on their way to the batch, sent some at a time while more are made.
struct FindingFrames: Sendable {
    /// A frame goes out at about so many bytes of geometry, or so many findings.
    private static let chunkBytes = 256 << 10
    private static let chunkCount = 500

    /// Of all that were added.
    private(set) var count = 0
    private var chunk: [Finding] = []
    private var bytes = 0
    /// Why a frame did not go out: none does after it.
    private var failure: (any Error)?

    mutating func add(_ finding: Finding, to channel: borrowing WorkerChannel) {
        count += 1
        chunk.append(finding)
        bytes += finding.geometry?.count ?? 0
        guard chunk.count >= Self.chunkCount || bytes >= Self.chunkBytes else { return }
        if failure == nil {
            do { try channel.send(.findings(chunk)) } catch { failure = error }
        }
        chunk = []
        bytes = 0
    }

    /// The findings that are left, which go with the last word: each message wakes the batch.
    ///
    /// - Throws: why those before them did not go out.
    func rest() throws -> [Finding] {
        if let failure { throw failure }
        return chunk
    }
}
