import Findings
import Imaging

extension TrueForeground {
    /// Of outlines: all pixels whose middles lie in one that counts, and in none that is left out. Where some are areas, nothing is
    /// known outside of these.
    ///
    /// - Returns: nil where all outlines are of objects, which say nothing of regions.
    init?(
        outlinedIn text: String, in size: (width: Int, height: Int), counting counted: CountedOutlines
    ) throws(OutlineError) {
        let features = try OutlineFeature.read(geoJSON: text)
        let annotations = features.filter { !$0.isObject }
        guard features.isEmpty || !annotations.isEmpty else { return nil }
        let (areas, leftOut) = (annotations.filter(\.isArea), annotations.filter(\.isLeftOut))
        let drawn = annotations.filter { !$0.isLeftOut && !$0.isArea && ($0.names.isEmpty || counted.count($0)) }
        let unnamed = drawn.count { $0.names.isEmpty }
        guard unnamed == 0 || unnamed == drawn.count else {
            throw OutlineError(
                "\(unnamed) of \(drawn.count) have no class: give them the structure's, or Ignore* where they are none of it"
            )
        }
        if unnamed > 0, !counted.classes.isEmpty { throw OutlineError("they have no class, and one is asked for") }
        var filling = OutlineFilling(width: size.width, height: size.height)
        let pixels = try Self.pixels(of: drawn, counting: counted, &filling)
        self.init(
            width: size.width, height: size.height,
            pixels: pixels.subtracting(try filling.pixels(of: leftOut)),
            known: areas.isEmpty ? nil : try filling.pixels(of: areas),
            outlines: Self.counts(drawn),
            uncounted: counted.classes.isEmpty
                ? [:]
                : Self.counts(
                    annotations.filter { !$0.isLeftOut && !$0.isArea && !$0.names.isEmpty && !counted.count($0) }),
            drawn: RegionsOfInterest(
                included: drawn.flatMap(\.polygons), excluded: leftOut.flatMap(\.polygons)), asked: counted.classes)
    }

    private static func counts(_ features: [OutlineFeature]) -> [String: Int] {
        Dictionary(features.map { ($0.className, 1) }, uniquingKeysWith: +)
    }

    /// - Throws: where outlines of one class hold those of the others, as of the tissue that they lie in: which are meant?
    private static func pixels(
        of drawn: [OutlineFeature], counting counted: CountedOutlines, _ filling: inout OutlineFilling
    ) throws(OutlineError) -> RunLengths {
        // Each by itself where none has a class.
        let isNamed = !(drawn.first?.names.isEmpty ?? true)
        let groups = Dictionary(
            grouping: drawn.enumerated(), by: { isNamed ? $0.element.className : String($0.offset) })
        var parts: [(name: String, pixels: RunLengths)] = []
        for group in groups.values.map({ $0.map(\.element) }) {
            parts.append((group[0].className, try filling.pixels(of: group)))
        }
        parts.sort { ($0.pixels.pixelCount, $1.name) > ($1.pixels.pixelCount, $0.name) }
        if parts.count > 1, counted.classes.isEmpty {
            let (largest, rest) = (parts[0], RunLengths(joining: parts.dropFirst().flatMap(\.pixels.runs)))
            let shared = largest.pixels.intersectionCount(with: rest)
            if Double(shared) >= 0.9 * Double(rest.pixelCount), rest.pixelCount > 0,
                largest.pixels.pixelCount >= 2 * rest.pixelCount
            {
                throw OutlineError(
                    isNamed
                        ? "those of \(largest.name.printable) hold all others: name the classes that count by --outline-class"
                        : "one without a class holds all others: give it the class Region* where it is none of the structure"
                )
            }
        }
        return RunLengths(joining: parts.flatMap(\.pixels.runs))
    }
}

extension OutlineFeature {
    fileprivate var className: String { names.first ?? "(no class)" }
}
