import Crypto
import Foundation
import Glibc
import NeuralNetworks
import SystemPackage

/// A training's state in a file, whole or not at all: written beside, synchronised, then put in its place.
///
/// A line of JSON that says what is in it, then all numbers as 32-bit floats, then the SHA-256 of both.
public struct Checkpoint: Sendable {
    private let path: String

    public init(path: String) { self.path = path }

    private struct Head: Codable {
        var version = 1
        /// What the weights depend on.
        let identity: String
        let step: Int
        let steps: Int
    }

    /// - Throws: ``LearningError`` of kind `output`.
    func write(_ state: LearningState, identity: String) throws(LearningError) {
        do {
            var bytes = try JSONEncoder().encode(Head(identity: identity, step: state.step, steps: state.steps))
            bytes.append(0x0A)
            for numbers in state.numbers { numbers.withUnsafeBytes { bytes.append(contentsOf: $0) } }
            bytes.append(contentsOf: SHA256.hash(data: bytes))
            let partial = path + ".partial"
            let file = try FileDescriptor.open(
                FilePath(partial), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite])
            try file.closeAfter {
                try file.writeAll(bytes)
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard rename(partial, path) == 0 else { throw Errno(rawValue: errno) }
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
        guard state.take(bytes[(end + 1)..<(bytes.count - 32)]) else {
            throw LearningError(.output, "the checkpoint in the output's folder is of another network: remove it")
        }
        return state
    }

    public func remove() { try? FileManager.default.removeItem(atPath: path) }
}

extension LearningState {
    /// All numbers, in the order of the file.
    fileprivate var numbers: [[Float]] {
        parameters.map(\.numbers) + firstMoments + secondMoments + averages + statistics
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
        parameters = parameters.map { Tensor(shape: $0.shape, next($0.shape.elementCount)) }
        firstMoments = firstMoments.map { next($0.count) }
        secondMoments = secondMoments.map { next($0.count) }
        averages = averages.map { next($0.count) }
        statistics = statistics.map { next($0.count) }
        return true
    }
}
