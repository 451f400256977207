import Findings
import Imaging

/// Whether outlines are in pixels of the full resolution, as they have to be: programs that show a lower one may write its pixels.
extension RegionsOfInterest {
    /// Shares of what is outlined that are tissue: hardly any, and most.
    private static let (hardly, mostly) = (0.1, 0.5)

    /// What to say of outlines that a lower resolution would hold: perhaps there is nothing else to look at.
    func doubt(width: Int, height: Int) -> String? {
        room(width: width, height: height) < 2
            ? nil
            : "all outlines lie in the upper left quarter of the image: are they in pixels of its full resolution?"
    }

    /// By what they would have to be multiplied to lie on tissue, where they lie on glass as they are.
    ///
    /// - Parameter tissue: as it was found.
    func factorToTissue(_ tissue: TissueMask, width: Int, height: Int) -> Int? {
        let mask = tissue.mask
        guard !included.isEmpty, mask.width > 1 || mask.height > 1 else { return nil }
        func share(_ factor: Int) -> Double? {
            let drawn = self.mask(
                width: mask.width, height: mask.height, downsampleX: tissue.downsampleX / Double(factor),
                downsampleY: tissue.downsampleY / Double(factor))
            let area = drawn.foregroundCount
            return area == 0 ? nil : Double(drawn.intersected(with: mask).foregroundCount) / Double(area)
        }
        let room = room(width: width, height: height)
        guard room >= 2, share(1) ?? 0 < Self.hardly else { return nil }
        return Self.lowerResolutions.first { Double($0) <= room && share($0) ?? 0 > Self.mostly }
    }
}
