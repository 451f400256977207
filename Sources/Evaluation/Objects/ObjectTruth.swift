import Findings
import Imaging
import Slides

/// The objects that are truly in a scan.
public struct ObjectTruth: Sendable {
    /// One of them: by its box, or by its pixels.
    package struct Item: Sendable {
        /// Nil where the truth does not tell classes apart.
        package let label: String?
        package let box: Finding.Box
        package let pixels: RunLengths?

        package init(label: String?, box: Finding.Box, pixels: RunLengths?) {
            self.label = label
            self.box = box
            self.pixels = pixels
        }

        /// Of its pixels; nil where there are none.
        package init?(label: String?, pixels: RunLengths) {
            guard let box = pixels.boundingBox else { return nil }
            self.init(
                label: label, box: Finding.Box(x: box.x, y: box.y, width: box.width, height: box.height),
                pixels: pixels)
        }
    }

    package let items: [Item]
    /// Whether each is of a class; else one found object is as good as another.
    package let tellsClasses: Bool
    /// Of the picture that it is of, in level-0 pixels; nil where that is not told.
    public let size: (width: Int, height: Int)?

    package init(items: [Item], tellsClasses: Bool, size: (width: Int, height: Int)? = nil) {
        self.items = items
        self.tellsClasses = tellsClasses
        self.size = size
    }

    /// Of a scan without objects.
    public static let nothing = ObjectTruth(items: [], tellsClasses: true)

    /// As objects do whose coordinates are of a lower resolution.
    func liesInUpperLeftQuarter(of size: (width: Int, height: Int)) -> Bool {
        !items.isEmpty
            && items.map(\.box).allSatisfy {
                2 * ($0.x + $0.width) <= size.width && 2 * ($0.y + $0.height) <= size.height
            }
    }

    /// Of an instance label image (PNG or TIFF): 0 is background, each other number one object.
    ///
    /// - Parameter line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    public init(labelsAt path: String, line: Int) throws(EvaluationError) {
        let image: LabelImage.Picture
        do {
            _ = try TruthPicture(at: path)
            image = try LabelImage.read(path: path)
        } catch {
            throw EvaluationError(
                .unusableMask, "the label image of line \(line) of the manifest cannot be read: \(error)")
        }
        // Some objects lie apart, behind others.
        let pieces = image.regions.reduce(0) { $0 + $1.components.count }
        guard pieces <= image.regions.count + image.regions.count / 4 else {
            throw EvaluationError(
                .unusableMask,
                "the label image in line \(line) of the manifest has one value for several objects: each needs its own")
        }
        self.init(
            items: image.regions.compactMap { Item(label: nil, pixels: $0) }, tellsClasses: false,
            size: (image.width, image.height))
    }

    /// - Parameters:
    ///   - scan: its size in level-0 pixels.
    ///   - line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask` for a label image of another size or without background, and for boxes
    ///   that reach beyond the scan.
    public func require(size scan: (width: Int, height: Int), line: Int) throws(EvaluationError) {
        if let size, size != scan {
            throw EvaluationError(
                .unusableMask,
                "the label image of line \(line) of the manifest is \(size.width) x \(size.height), its scan \(scan.width) x "
                    + "\(scan.height)")
        }
        let marked = items.reduce(0) { $0 + ($1.pixels?.pixelCount ?? 0) }
        guard marked < scan.width * scan.height else {
            throw EvaluationError(
                .unusableMask,
                "the objects of line \(line) of the manifest cover its whole scan: in a label image 0 is what is none")
        }
        for box in items.map(\.box)
        where box.x + box.width > scan.width + Self.rounding || box.y + box.height > scan.height + Self.rounding {
            throw EvaluationError(
                .unusableMask,
                "a box of the scan in line \(line) of the manifest lies outside of it, or in part: from \(box.x), \(box.y) it is "
                    + "\(box.width) x \(box.height), the scan \(scan.width) x \(scan.height); are these its far corner, or pixels of "
                    + "another resolution?")
        }
    }

    /// By how many pixels a box may reach beyond its scan where others rounded it.
    private static let rounding = 2
}
