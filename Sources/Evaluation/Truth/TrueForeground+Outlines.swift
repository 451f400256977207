import Findings
import Imaging

extension TrueForeground {
    /// Of outlines: all pixels whose middles lie in one that counts, and in none that is left out. Where some are areas, nothing is
    /// known outside of these.
    ///
    /// - Parameter size: the farthest corner's where it is nil.
    /// - Returns: nil where all outlines are of objects, which say nothing of regions.
    init?(
        outlinedIn text: String, in size: (width: Int, height: Int)?, counting counted: CountedOutlines
    ) throws(OutlineError) {
        let features = try OutlineFeature.read(geoJSON: text)
        let annotations = features.filter { !$0.isObject }
        guard features.isEmpty || !annotations.isEmpty else { return nil }
        let (areas, leftOut) = (annotations.filter(\.isArea), annotations.filter(\.isLeftOut))
        let drawn = annotations.filter { !$0.isLeftOut && !$0.isArea }
        let unnamed = drawn.count { $0.names.isEmpty }
        guard unnamed == 0 || unnamed == drawn.count else {
            throw OutlineError(
                "\(unnamed) of \(drawn.count) have no class: give them the structure's, or Ignore* where they are none of it"
            )
        }
        if unnamed > 0, !counted.classes.isEmpty { throw OutlineError("they have no class, and one is asked for") }
        let corners = annotations.flatMap(\.polygons).flatMap(\.rings).joined()
        let width = size?.width ?? Int(max(1, corners.map(\.x).max() ?? 1).rounded(.up))
        let height = size?.height ?? Int(max(1, corners.map(\.y).max() ?? 1).rounded(.up))
        var filling = OutlineFilling(width: width, height: height)
        let structures = drawn.filter(counted.count)
        self.init(
            width: width, height: height,
            pixels: try filling.pixels(of: structures).subtracting(try filling.pixels(of: leftOut)),
            known: areas.isEmpty ? nil : try filling.pixels(of: areas),
            outlines: Dictionary(structures.map { ($0.names.first ?? "(no class)", 1) }, uniquingKeysWith: +))
    }
}
