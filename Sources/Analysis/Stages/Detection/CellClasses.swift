import Findings

/// How sure it is that the cells of a map are places of objects, and of which classes.
struct CellClasses {
    /// `[K, h, w]`, or `[1, h, w]` where the classes are an output of their own.
    private let scores: [Float]
    /// Of that output, `[K, h, w]`, and what its numbers mean.
    private let head: (scores: [Float], probabilities: ClassProbabilities)?
    private let classCount: Int
    /// All classes but the background.
    private let structures: [Int]
    private let plane: Int

    /// - Parameters:
    ///   - scores: of the first output.
    ///   - head: what the network answered of the classes alone, as the graph lays it out.
    init(_ scores: [Float], head: [Float]?, of contract: TileContract, cells: Int) {
        self.scores = scores
        let output = contract.output
        classCount = output.classes.count
        structures = output.classes.indices.filter { $0 != output.background }
        plane = cells
        if let head, let form = output.detection?.classHead {
            self.head = (
                contract.planes(head, channels: classCount), ClassProbabilities(form, classes: classCount)
            )
        } else {
            self.head = nil
        }
    }

    /// The most probable class of a cell where it is sure enough that there is an object.
    func best(_ cell: Int, atLeast threshold: Float) -> (classIndex: Int, certainty: Float)? {
        if let head {
            guard scores[cell] >= threshold, let best = best(cell, of: head.scores) else { return nil }
            return (best, scores[cell])
        }
        guard let best = best(cell, of: scores) else { return nil }
        let certainty = scores[best * plane + cell]
        return certainty >= threshold ? (best, certainty) : nil
    }

    /// Of those that are alike the first.
    private func best(_ cell: Int, of scores: [Float]) -> Int? {
        var best: Int?
        for index in structures {
            if let best, scores[index * plane + cell] <= scores[best * plane + cell] { continue }
            best = index
        }
        return best
    }

    /// Of each class: with an output of its own, that there is an object and that it is of the class.
    ///
    /// - Throws: `degenerate-output` where a card says that the numbers are probabilities, and they are not.
    func probabilities(_ cell: Int) throws(AnalysisFailure) -> [Float] {
        func values(_ scores: [Float]) -> [Float] { (0..<classCount).map { scores[$0 * plane + cell] } }
        guard let head else { return values(scores) }
        return try head.probabilities.pixels(values(head.scores)).map { $0 * scores[cell] }
    }
}
