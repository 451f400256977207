import Findings
import Imaging

/// Which pixels of a scan are of the structure that regions should cover.
public struct TrueForeground: Sendable, Hashable {
    /// Of the picture that it is of, in level-0 pixels.
    public let width: Int
    public let height: Int
    public let pixels: RunLengths
    /// Where it is known which; nil where it is everywhere.
    public let known: RunLengths?
    /// How many outlines of each class it was drawn of; none where it is a mask.
    public let outlines: [String: Int]
    /// How many outlines of each class do not count, where some were asked for.
    public let uncounted: [String: Int]
    /// These outlines; nil where it is a mask.
    public let drawn: RegionsOfInterest?
    /// The classes that were asked for, in lower case; none where all outlines count, or it is a mask.
    let asked: Set<String>

    init(
        width: Int, height: Int, pixels: RunLengths, known: RunLengths? = nil, outlines: [String: Int] = [:],
        uncounted: [String: Int] = [:], drawn: RegionsOfInterest? = nil, asked: Set<String> = []
    ) {
        self.width = width
        self.height = height
        self.pixels = known.map(pixels.intersection) ?? pixels
        self.known = known
        self.outlines = outlines
        self.uncounted = uncounted
        self.drawn = drawn
        self.asked = asked
    }

    /// The same as a mask: where it was drawn was looked into.
    public var pixelsAlone: TrueForeground {
        TrueForeground(width: width, height: height, pixels: pixels, known: known)
    }

    /// - Parameter mask: of the scan's size.
    public init(_ mask: MaskImage) { self.init(width: mask.width, height: mask.height, pixels: mask.foreground) }
}

/// Which outlines of a file count as the structure.
public struct CountedOutlines: Sendable, Hashable {
    /// Names of classes; all where there are none.
    public let classes: Set<String>

    public init(classes: [String] = []) { self.classes = Set(classes.map { $0.lowercased() }) }

    func count(_ feature: OutlineFeature) -> Bool {
        if !classes.isEmpty { return feature.names.contains { classes.contains($0.lowercased()) } }
        // QuPath's mark for what is no structure, as `Region*`, where somebody looked; and what `export` writes of artefacts.
        return !feature.names.contains { $0.hasSuffix("*") || Artefact(rawValue: $0) != nil }
    }
}

extension GroundTruth {
    /// Whether the manifest names what tells which pixels are of the structure.
    public var tellsForeground: Bool { mask != nil || outlines != nil }

    /// Which pixels are of the structure, by the mask, or else by the outlines.
    ///
    /// - Parameters:
    ///   - size: of the scan in level-0 pixels, which outlines do not tell.
    ///   - path: of a file that the manifest names.
    /// - Returns: nil where neither is named, or the outlines are of objects alone, which are no regions.
    /// - Throws: `EvaluationError` of kind `unusableMask`.
    public func foreground(
        in size: (width: Int, height: Int), counting counted: CountedOutlines, path: (String) -> String
    ) throws(EvaluationError) -> TrueForeground? {
        if let mask {
            let image = try MaskImage(truthAt: path(mask), line: line)
            try image.requireGround(at: path(mask), line: line)
            return TrueForeground(image)
        }
        guard let outlines else { return nil }
        do throws(OutlineError) {
            return try TrueForeground(outlinedIn: OutlineFile.text(at: path(outlines)), in: size, counting: counted)
        } catch {
            throw EvaluationError(
                .unusableMask, "the outlines in line \(line) of the manifest cannot be used: \(error)")
        }
    }
}
