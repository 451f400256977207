import Crypto
import Evaluation
import Findings
import Imaging

/// The objects that are truly in a scan, as a detection learns them.
struct LabelledObjects: Sendable {
    let truth: ObjectTruth
    /// Names of classes not all of whose objects are told.
    let unboxed: Set<String>
    /// Of each object, in the order of the truth: an index of the card's.
    let classes: [Int]
    /// The objects' pixels, by row, then column; no two overlap. None where they are boxes.
    private let runs: [NumberedRun]

    private struct NumberedRun {
        let row, start, end: Int32
        /// Of the object, from 1.
        let number: Int32
    }

    /// - Parameter classes: of each object.
    init(_ truth: ObjectTruth, classes: [Int], unboxed: Set<String>) {
        self.truth = truth
        self.classes = classes
        self.unboxed = unboxed
        let all = truth.items.enumerated().flatMap { index, item in
            (item.pixels?.runs ?? []).map {
                NumberedRun(
                    row: Int32($0.row), start: Int32($0.start), end: Int32($0.end), number: Int32(index + 1))
            }
        }
        var apart: [NumberedRun] = []
        for run in all.sorted(by: { ($0.row, $0.start, $0.number) < ($1.row, $1.start, $1.number) }) {
            // What outlines share is the left one's.
            let taken = apart.last.map { $0.row == run.row ? $0.end : 0 } ?? 0
            guard run.end > taken else { continue }
            apart.append(
                NumberedRun(row: run.row, start: max(run.start, taken), end: run.end, number: run.number))
        }
        runs = apart
    }

    /// Takes all into a hash of what is learned from.
    func update(_ hasher: inout SHA256) {
        for (item, index) in zip(truth.items, classes) {
            let box = item.box
            hasher.update(data: Array("\(index) \(box.x) \(box.y) \(box.width) \(box.height)\n".utf8))
        }
        hasher.update(data: Array(unboxed.sorted().joined(separator: ";").utf8))
        runs.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }

    /// The object whose pixel one of level 0 is, from 1; 0 where it is none's.
    func number(x: Int, y: Int) -> Int32 {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if (Int(runs[middle].row), Int(runs[middle].end)) <= (y, x) { low = middle + 1 } else { high = middle }
        }
        guard low < runs.count, runs[low].row == y, runs[low].start <= x else { return 0 }
        return runs[low].number
    }
}
