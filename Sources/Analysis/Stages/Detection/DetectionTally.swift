import Findings

/// What a detection network's answers for a scan were like.
struct DetectionTally {
    private var scores: ClosedRange<Float>?
    private var found = 0
    private var impossible = 0
    private var farthestCut: Float = 0

    mutating func include(_ tile: DecodedTile) {
        if let own = tile.scores {
            let low = min(scores?.lowerBound ?? own.lowerBound, own.lowerBound)
            scores = low...max(scores?.upperBound ?? own.upperBound, own.upperBound)
        }
        found += tile.candidates.count
        impossible += tile.impossible
        farthestCut = max(farthestCut, tile.farthestCut)
    }

    /// What to know of the objects.
    ///
    /// - Throws: `degenerate-output` for a network that says the same everywhere, or whose boxes are none.
    func remarks(stage: String) throws(AnalysisFailure) -> [String] {
        if let scores, scores.lowerBound == scores.upperBound {
            throw AnalysisFailure(
                stage: .detect, code: .degenerateOutput,
                message: "the detection network answered \(scores.lowerBound) everywhere")
        }
        if impossible > found {
            throw AnalysisFailure(
                stage: .detect, code: .degenerateOutput,
                message:
                    "\(impossible) of the \(impossible + found) boxes that the detection network answered have no extent, or "
                    + "one of more than two tiles: do the card's units fit the model?")
        }
        var remarks: [String] = []
        if impossible > 0 {
            remarks.append(
                "\(stage): \(impossible) boxes without an extent, or larger than two tiles, were left out")
        }
        if farthestCut > 0 {
            remarks.append(
                "\(stage): objects reach out of the tiles that they were found in, and may be cut there: an overlap of "
                    + "\(Int((2 * farthestCut).rounded(.up))) would show them whole")
        }
        return remarks
    }
}
