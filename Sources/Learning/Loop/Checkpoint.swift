import Crypto
import Foundation
import NeuralNetworks

/// A training's state in a file, whole or not at all: written beside, synchronised, then put in its place.
///
/// A line of JSON that says what is in it, then all numbers as 32-bit floats, then the SHA-256 of both.
public struct Checkpoint: Sendable {
    private let path: String

    public init(path: String) { self.path = path }

    private struct Head: Codable {
        var version = 2
        /// What the weights depend on.
        let identity: String
        let step: Int
        let steps: Int
        let history: LearningHistory
        /// Whether the best weights are in it, after the others.
        let hasBest: Bool
    }

    /// - Throws: ``LearningError`` of kind `output`.
    func write(_ state: LearningState, identity: String) throws(LearningError) {
        do {
            let head = Head(
                identity: identity, step: state.step, steps: state.steps, history: state.history,
                hasBest: !state.best.isEmpty)
            var bytes = try JSONEncoder().encode(head)
            bytes.append(0x0A)
            for numbers in state.numbers { numbers.withUnsafeBytes { bytes.append(contentsOf: $0) } }
            bytes.append(contentsOf: SHA256.hash(data: bytes))
            try WholeFile.write(bytes, to: path)
        } catch {
            throw LearningError(.output, "the checkpoint cannot be written: \(error); the last one is whole")
        }
    }

    /// The state that an earlier run left; nil where there is none.
    ///
    /// - Throws: ``LearningError`` of kind `settings` for one of another training, `output` for one that is damaged.
    func read(like fresh: LearningState, identity: String) throws(LearningError) -> LearningState? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let bytes = try? Data(contentsOf: URL(filePath: path)), let end = bytes.firstIndex(of: 0x0A),
            let head = try? JSONDecoder().decode(Head.self, from: bytes[..<end]), bytes.count > end + 33,
            Data(SHA256.hash(data: bytes.dropLast(32))) == bytes.suffix(32)
        else {
            throw LearningError(.output, "the checkpoint in the output's folder is damaged: remove it to begin anew")
        }
        guard head.identity == identity else {
            throw LearningError(
                .settings,
                "the output's folder holds a training of other labels or settings: give those again, or another folder")
        }
        var state = fresh
        state.step = head.step
        state.steps = head.steps
        state.history = head.history
        if head.hasBest { state.best = state.answering }
        guard state.take(bytes[(end + 1)..<(bytes.count - 32)]) else {
            throw LearningError(.output, "the checkpoint in the output's folder is of another network: remove it")
        }
        return state
    }
}

extension LearningState {
    /// All numbers, in the order of the file.
    fileprivate var numbers: [[Float]] {
        learned.flatMap { [$0.value.numbers, $0.moments, $0.squares, $0.average] } + statistics + best
    }

    /// - Returns: false where there are more or fewer numbers.
    fileprivate mutating func take(_ bytes: Data) -> Bool {
        let count = numbers.reduce(0) { $0 + $1.count }
        guard bytes.count == 4 * count else { return false }
        let all = [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
            _ = bytes.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialised = count
        }
        var rest = all[...]
        func next(_ count: Int) -> [Float] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        for index in learned.indices {
            let (shape, count) = (learned[index].value.shape, learned[index].average.count)
            learned[index].value = Tensor(shape: shape, next(count))
            learned[index].moments = next(count)
            learned[index].squares = next(count)
            learned[index].average = next(count)
        }
        statistics = statistics.map { next($0.count) }
        best = best.map { next($0.count) }
        return true
    }
}
