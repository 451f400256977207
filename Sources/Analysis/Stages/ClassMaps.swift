import Findings
import Imaging

/// Puts a segmentation's tiles together class by class, and cuts the regions of each class from them.
///
/// Where classes exclude each other and more than one is a structure, a pixel belongs to the most probable; or, where a
/// threshold is given, to the most probable structure from that probability on. Else each class stands on its own.
struct ClassMaps {
    /// Indices of the classes that are structures.
    let structures: [Int]
    /// A structure has pixels of at least this probability.
    let threshold: Float
    /// A pixel of this probability is a structure's, whatever the other classes are.
    let sureThreshold: Float
    private let hasThreshold: Bool
    /// Whether a pixel belongs to one class of all.
    private let chooses: Bool
    private let background: Int?
    /// For each class that is looked at, its map on the way to level 0.
    private var maps: [Map] = []
    /// For each structure.
    private var extractors: [RegionExtractor]

    fileprivate struct Map {
        let classIndex: Int
        var stitcher: ProbabilityStitcher
        /// Regions are cut from the map at level 0, so that their geometry is exact there.
        var rescaler: ProbabilityRescaler
    }

    /// Takes regions, in pixels of level 0, once no later row can belong to them, with their class.
    typealias Found = (_ classIndex: Int, Region) -> Void

    private static let usualThreshold = 0.5

    init(
        _ output: ModelOutput, _ settings: StageDefinition.Segmentation, grid: TileGrid, resolution: WorkingResolution
    ) throws(AnalysisFailure) {
        let structures = output.classes.indices.filter { $0 != output.background }
        self.structures = structures
        background = output.background
        hasThreshold = settings.threshold != nil
        chooses = !output.isMultiLabel && structures.count > 1
        // Of two classes, one of them the background, the most probable is that of a half or more.
        let limit = settings.threshold ?? (chooses ? Double(Float.leastNormalMagnitude) : Self.usualThreshold)
        threshold = Float(limit)
        sureThreshold = Float(settings.threshold ?? Self.usualThreshold)
        maps = (chooses ? Array(output.classes.indices) : structures).map { index in
            Map(
                classIndex: index, stitcher: ProbabilityStitcher(grid: grid),
                rescaler: ProbabilityRescaler(
                    fromWidth: resolution.width, fromHeight: resolution.height, toWidth: resolution.fullWidth,
                    toHeight: resolution.fullHeight))
        }
        do throws(ImagingError) {
            // Sizes are given in pixels that the network sees, and regions are cut at level 0: what is too small for a
            // structure does not depend on the scanner.
            let options = try RegionExtractor.Options(
                threshold: threshold, minimumArea: max(1, resolution.fullArea(settings.minimumAreaPixels)),
                maximumHoleArea: resolution.fullArea(settings.fillHolesPixels))
            extractors = structures.map { _ in RegionExtractor(width: resolution.fullWidth, options: options) }
        } catch {
            throw AnalysisFailure(error, stage: .measure)
        }
    }

    /// - Parameter probabilities: of the tile, `[K, tileHeight, tileWidth]`; nil for glass.
    mutating func add(_ probabilities: [Float]?, tile: Int, found: Found) throws(AnalysisFailure) {
        do throws(ImagingError) {
            var chunks: [[ProbabilityBlock]] = []
            for index in maps.indices {
                let own = probabilities.map { values in plane(maps[index].classIndex, of: values) }
                chunks.append([])
                try maps[index].add(own, tile: tile) { (block) throws(ImagingError) in
                    if chooses {
                        chunks[index].append(block)
                    } else {
                        for region in try extractors[index].add(block) { found(structures[index], region) }
                    }
                }
            }
            if chooses { try choose(chunks, found) }
        } catch {
            throw AnalysisFailure(error, stage: .measure)
        }
    }

    /// The regions that reach the last row.
    mutating func finish(found: Found) {
        for index in extractors.indices {
            for region in extractors[index].finish() { found(structures[index], region) }
        }
    }

    private func plane(_ index: Int, of probabilities: [Float]) -> [Float] {
        let count = maps[0].stitcher.grid.tileWidth * maps[0].stitcher.grid.tileHeight
        return count == probabilities.count ? probabilities : Array(probabilities[index * count..<(index + 1) * count])
    }

    /// - Parameter chunks: of each class, the blocks of one and the same part of the map.
    private mutating func choose(_ chunks: [[ProbabilityBlock]], _ found: Found) throws(ImagingError) {
        guard let finest = chunks.max(by: { $0.count < $1.count }) else { return }
        for (part, block) in finest.enumerated() {
            // A class that is 0 all over comes in one block where others come in several.
            let planes = chunks.map { $0.count == finest.count ? $0[part].values : nil }
            let chosen =
                planes.allSatisfy { $0 == nil } ? nil : chosen(planes, count: block.rows.count * block.columns.count)
            for structure in structures.indices {
                let own = ProbabilityBlock(rows: block.rows, columns: block.columns, values: chosen?[structure])
                for region in try extractors[structure].add(own) { found(structures[structure], region) }
            }
        }
    }

    /// For each structure, its probability where it is chosen, and 0 elsewhere.
    private func chosen(_ planes: [[Float]?], count: Int) -> [[Float]] {
        var chosen = [[Float]](repeating: [Float](repeating: 0, count: count), count: structures.count)
        for pixel in 0..<count {
            var best = 0
            var largest: Float = 0
            for (structure, classIndex) in structures.enumerated() {
                if let value = planes[classIndex]?[pixel], value > largest { (best, largest) = (structure, value) }
            }
            let other = hasThreshold ? 0 : background.flatMap { planes[$0]?[pixel] } ?? 0
            if largest >= other, largest >= threshold { chosen[best][pixel] = largest }
        }
        return chosen
    }
}

extension ClassMaps.Map {
    fileprivate mutating func add(
        _ plane: [Float]?, tile: Int, emit: (ProbabilityBlock) throws(ImagingError) -> Void
    ) throws(ImagingError) {
        var blocks: [ProbabilityBlock] = []
        try stitcher.add(plane, tile: tile) { (block) throws(ImagingError) in blocks.append(block) }
        for block in blocks { try rescaler.add(block, emit: emit) }
    }
}
