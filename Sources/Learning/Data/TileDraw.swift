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
    /// Of the changes.
    let strength: Float

    /// Tiles that a scan gives to an epoch, at most: a large one must not drown the others.
    private static let mostTiles = 16
    /// Places that are tried until one shows tissue.
    private static let trials = 8
    private static let leastTissue = 0.2
    /// Of a detection's tiles, those that are sure to show an object where the scan has one.
    private static let shareAtObjects: Float = 0.7
    /// Of the tiles of a scan that is much larger and little of which is marked, those that are sure to show some of that.
    private static let shareAtStructure: Float = 0.5
    private static let (largeScan, littleMarked) = (4, 0.2)
    /// The chance that a tile went through a JPEG file, and its qualities.
    private static let recompressed: Float = 0.1
    private static let qualities = 40...90
    /// Tiles to try on, at most: their answers are kept.
    static let mostTrials = 256

    /// Indices of scans, each as often as it has tiles.
    let tickets: [Int]

    init(
        _ scans: [LabelledScan], task: LearningTask, stage: Int, analyser: ScanAnalyser, side: Int, seed: UInt64,
        strength: Float = 0
    ) {
        self.scans = scans
        self.task = task
        self.stage = stage
        self.analyser = analyser
        self.side = side
        self.seed = seed
        self.strength = strength
        tickets = scans.indices.flatMap { index in
            let picture = scans[index].picture
            let tiles = picture.width * picture.height / (side * side)
            return [Int](repeating: index, count: min(max(tiles, 1), Self.mostTiles))
        }
    }

    /// An example, `[3, H, W]` with its truth.
    struct Example: Sendable {
        let planes: [Float]
        /// For each of the network's outputs.
        let truths: [[Float]]
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
        let window = place(in: scan, &random)
        let view = TileView(
            &random, side: side, strength: strength, isUpright: task.targets.map { !$0.needPixels } ?? false)
        let margin = (view.reach - side) / 2
        let square = PixelWindow(
            x: window.x - margin, y: window.y - margin, width: view.reach, height: view.reach)
        var image = try pixels(scan, square)
        let quality = Self.qualities.lowerBound + random.next(below: Self.qualities.count)
        if random.nextFraction() < Self.recompressed * min(1, strength) {
            image = image.recompressed(quality: quality) ?? image
        }
        image = view.sampled(image)
        if strength > 0 { image = StainJitter(&random, strength: strength).applied(to: image) }
        image = CameraJitter(&random, strength: strength).applied(to: image)
        let truths = scan.truths(task, at: TilePlace(square, side: side, through: view))
        return Example(planes: scan.picture.planes(of: image, at: window), truths: truths)
    }

    /// An example as it is.
    func plain(_ index: Int, _ window: PixelWindow) throws(LearningError) -> Example {
        let scan = scans[index]
        return Example(
            planes: scan.picture.planes(of: try pixels(scan, window), at: window),
            truths: scan.truths(task, at: TilePlace(window, side: side)))
    }

    /// Tiles to try on: of each scan as many as an epoch has, spread evenly over those that show tissue.
    func trials(atMost count: Int = TileDraw.mostTrials) -> [(scan: Int, window: PixelWindow)] {
        let all = scans.indices.flatMap { index -> [(scan: Int, window: PixelWindow)] in
            let picture = scans[index].picture
            func starts(_ length: Int) -> [Int] {
                let count = max(1, (length + side - 1) / side)
                if count == 1 { return [(length - side) / 2] }
                return (0..<count).map { $0 * (length - side) / (count - 1) }
            }
            let windows = starts(picture.height).flatMap { y in
                starts(picture.width).map { PixelWindow(x: $0, y: y, width: side, height: side) }
            }
            let shares = windows.map { min(picture.tissueShare(in: $0), scans[index].knownShare(of: $0)) }
            let least = min(Self.leastTissue, shares.max() ?? 0)
            let seen = zip(windows, shares).filter { $0.1 >= least }.map(\.0)
            return Self.evenly(seen, atMost: Self.mostTiles).map { (scan: index, window: $0) }
        }
        return Self.evenly(all, atMost: count)
    }

    private static func evenly<Element>(_ elements: [Element], atMost count: Int) -> [Element] {
        guard elements.count > count else { return elements }
        return (0..<count).map { elements[$0 * elements.count / count] }
    }

    private func place(in scan: LabelledScan, _ random: inout SplitMix64) -> PixelWindow {
        let picture = scan.picture
        if let objects = scan.objects, random.nextFraction() < Self.shareAtObjects,
            let window = place(at: objects, in: picture, &random)
        {
            return window
        }
        if let foreground = scan.foreground, picture.width * picture.height > Self.largeScan * side * side,
            foreground.share < Self.littleMarked, !foreground.pixels.runs.isEmpty,
            random.nextFraction() < Self.shareAtStructure
        {
            return window(showing: foreground.pixels.runs, of: picture, &random)
        }
        if let known = scan.foreground?.known, !known.runs.isEmpty {
            return window(showing: known.runs, of: picture, &random)
        }
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

    /// A window that shows the middle of one of the objects; a rare class of theirs is shown as often as a frequent one.
    private func place(
        at objects: LabelledObjects, in picture: StagePicture, _ random: inout SplitMix64
    ) -> PixelWindow? {
        guard !objects.truth.items.isEmpty else { return nil }
        var indices = Array(objects.truth.items.indices)
        let classes = Set(objects.classes).sorted()
        if classes.count > 1 {
            let wanted = classes[random.next(below: classes.count)]
            indices = indices.filter { objects.classes[$0] == wanted }
        }
        let box = objects.truth.items[indices[random.next(below: indices.count)]].box
        return window(showing: (box.x + box.width / 2, box.y + box.height / 2), of: picture, &random)
    }

    /// A window that shows some of these pixels.
    private func window(
        showing runs: [PixelRun], of picture: StagePicture, _ random: inout SplitMix64
    ) -> PixelWindow {
        let run = runs[random.next(below: runs.count)]
        return window(showing: (run.start + random.next(below: max(1, run.length)), run.row), of: picture, &random)
    }

    /// A window within which a pixel of level 0 lies, anywhere.
    private func window(
        showing place: (x: Int, y: Int), of picture: StagePicture, _ random: inout SplitMix64
    ) -> PixelWindow {
        func start(_ middle: Int, _ length: Int, _ fullLength: Int) -> Int {
            guard length > side else { return (length - side) / 2 }
            let place = Int(Double(middle) * Double(length) / Double(fullLength))
            return min(length - side, max(0, place - random.next(below: side)))
        }
        let x = start(place.x, picture.width, picture.fullWidth)
        let y = start(place.y, picture.height, picture.fullHeight)
        return PixelWindow(x: x, y: y, width: side, height: side)
    }

    func pixels(_ scan: LabelledScan, _ window: PixelWindow) throws(LearningError) -> RGBImage {
        do {
            return try analyser.pixels(in: window, of: scan.picture, OpenedScan(path: scan.path), forStage: stage)
        } catch {
            throw LearningError(.labels, "the scan in line \(scan.truth.line) of the manifest: \(error.message)")
        }
    }
}
