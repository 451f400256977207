extension RunLengths {
    /// The 8-connected components, ordered by their first pixel.
    public var components: [RunLengths] {
        var labeller = RunLabeller()
        var components: [RunLengths] = []
        var rest = runs[...]
        for row in (runs.first?.row ?? 0)..<(runs.last.map { $0.row + 1 } ?? 0) {
            let own = rest.prefix { $0.row == row }
            rest = rest.dropFirst(own.count)
            let weighted = own.map { RunLabeller.WeightedRun(run: $0, maximumProbability: 0, probabilitySum: 0) }
            components += labeller.add(weighted, row: row).map { RunLengths(ordered: $0.runs.sorted()) }
        }
        components += labeller.finish().map { RunLengths(ordered: $0.runs.sorted()) }
        return components.sorted { first, second in first.runs[0] < second.runs[0] }
    }

    /// The pixels that are in both sets.
    public func intersection(_ other: RunLengths) -> RunLengths { subtracting(subtracting(other)) }

    /// The pixels that are not in the other set.
    public func subtracting(_ other: RunLengths) -> RunLengths {
        var left: [PixelRun] = []
        var holes = other.runs[...]
        for run in runs {
            var start = run.start
            holes = holes.drop { ($0.row, $0.end) <= (run.row, run.start) }
            for hole in holes {
                guard hole.row == run.row, hole.start < run.end else { break }
                if hole.start > start { left.append(PixelRun(row: run.row, start: start, length: hole.start - start)) }
                start = max(start, hole.end)
            }
            if start < run.end { left.append(PixelRun(row: run.row, start: start, length: run.end - start)) }
        }
        return RunLengths(ordered: left)
    }
}
