import Analysis
import Imaging
import NeuralNetworks
import Slides

/// Draws tiles to learn from: which scan, where, and how it is changed follow from the seed and a running number alone.
struct TileDraw: Sendable {
    let scans: [LabelledScan]
    let task: LearningTask
    let stage: Int
    let analyser: ScanAnalyser
    let side: Int
    let seed: UInt64

    /// Tiles that a scan gives to an epoch, at most: a large one must not drown the others.
    private static let mostTiles = 16
    /// Places that are tried until one shows tissue.
    private static let trials = 8
    private static let leastTissue = 0.2

    /// Indices of scans, each as often as it has tiles.
    let tickets: [Int]

    init(
        _ scans: [LabelledScan], task: LearningTask, stage: Int, analyser: ScanAnalyser, side: Int, seed: UInt64
    ) {
        self.scans = scans
        self.task = task
        self.stage = stage
        self.analyser = analyser
        self.side = side
        self.seed = seed
        tickets = scans.indices.flatMap { index in
            let picture = scans[index].picture
            let tiles = picture.width * picture.height / (side * side)
            return [Int](repeating: index, count: min(max(tiles, 1), Self.mostTiles))
        }
    }

    /// An example, `[3, H, W]` with its truth.
    struct Example: Sendable {
        let planes: [Float]
        let truths: [Float]
    }

    /// The scans of an epoch in their order.
    func order(ofEpoch epoch: Int) -> [Int] {
        var random = SplitMix64(seed: SplitMix64.mix(seed &+ 1) ^ UInt64(epoch))
        var order = tickets
        for index in order.indices.reversed() { order.swapAt(index, random.next(below: index + 1)) }
        return order
    }

    /// - Parameter number: counts all tiles that were ever drawn.
    func example(_ number: Int, of index: Int) throws(LearningError) -> Example {
        var random = SplitMix64(seed: SplitMix64.mix(seed) ^ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        let scan = scans[index]
        let window = place(in: scan.picture, &random)
        let image = StainJitter(&random).applied(to: try pixels(scan, window))
        let symmetry = Symmetry(
            transposes: random.next(below: 2) == 1, mirrorsHorizontally: random.next(below: 2) == 1,
            mirrorsVertically: random.next(below: 2) == 1)
        let planes = symmetry.applied(to: scan.picture.planes(of: image, at: window), height: side, width: side)
        let truths = scan.truths(in: window, task)
        return Example(
            planes: planes,
            truths: task.kind == .segmentation ? symmetry.applied(to: truths, height: side, width: side) : truths)
    }

    /// An example as it is, of the middle of a scan.
    func plain(_ index: Int) throws(LearningError) -> Example {
        let scan = scans[index]
        let window = PixelWindow(
            x: (scan.picture.width - side) / 2, y: (scan.picture.height - side) / 2, width: side, height: side)
        return Example(
            planes: scan.picture.planes(of: try pixels(scan, window), at: window), truths: scan.truths(in: window, task)
        )
    }

    private func place(in picture: StagePicture, _ random: inout SplitMix64) -> PixelWindow {
        var best: (window: PixelWindow, share: Double)?
        for _ in 0..<Self.trials {
            func start(_ length: Int) -> Int {
                length > side ? random.next(below: length - side + 1) : (length - side) / 2
            }
            let window = PixelWindow(x: start(picture.width), y: start(picture.height), width: side, height: side)
            let share = picture.tissueShare(in: window)
            if share > best?.share ?? -1 { best = (window, share) }
            if share >= Self.leastTissue { break }
        }
        return best?.window ?? PixelWindow(x: 0, y: 0, width: side, height: side)
    }

    private func pixels(_ scan: LabelledScan, _ window: PixelWindow) throws(LearningError) -> RGBImage {
        do {
            return try analyser.pixels(in: window, of: scan.picture, OpenedScan(path: scan.path), forStage: stage)
        } catch {
            throw LearningError(.labels, "the scan in line \(scan.truth.line) of the manifest: \(error.message)")
        }
    }
}
