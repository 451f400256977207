import TIFF

/// Puts the truth of a scan together from its windows, band by band from the top: it holds only the glands that the last
/// bands touched.
struct TruthTally {
    private let scene: Scene
    private var open: [LatticeCell: (sums: GlandSums, band: Int)] = [:]
    private var band = 0
    private var count = 0

    init(of scene: Scene) {
        self.scene = scene
    }

    /// Adds the sums of one window, as `Drawing.sums()` gives them.
    mutating func add(_ sums: [GlandSums], of glands: [LatticeCell]) {
        for (gland, part) in zip(glands, sums) {
            open[gland, default: (GlandSums(), band)].sums.merge(part)
            open[gland]?.band = band
        }
    }

    /// Ends a band of windows.
    /// - Returns: the glands that are complete, in the order of the lattice.
    mutating func endBand() -> [GlandTruth] {
        band += 1
        // A gland is connected, so one that a whole band did not touch has ended; one cut by the scan's left or right
        // border may come back, so it is given a second band.
        let oldest = band - 2
        return take { $0 < oldest }
    }

    /// - Returns: the glands that are left.
    mutating func finish() -> [GlandTruth] {
        take { _ in true }
    }

    private mutating func take(where isDone: (Int) -> Bool) -> [GlandTruth] {
        let done = open.filter { isDone($0.value.band) }.sorted { $0.key < $1.key }
        return done.map { gland, entry in
            open[gland] = nil
            count += 1
            return entry.sums.truth(number: count, of: scene)
        }
    }
}

extension Scene {
    /// The truth of a scan that was drawn whole: its numbers are those of the drawing's labels.
    public func truth(of drawing: Drawing) -> [GlandTruth] {
        var tally = TruthTally(of: self)
        tally.add(drawing.sums(), of: drawing.glands)
        return tally.finish()
    }
}
