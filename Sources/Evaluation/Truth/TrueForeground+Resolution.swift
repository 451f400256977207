import Findings
import Imaging

/// Whether outlines are in pixels of the full resolution, as they have to be: programs that show a lower one may write its
/// pixels.
extension TrueForeground {
    /// Of Dice: outlines that agree with what was found less than this, and at a higher resolution more, are of a lower one.
    private static let doubtful = 0.5

    /// Whether outlines were drawn that all lie in the upper left quarter.
    var liesInUpperLeftQuarter: Bool {
        guard let drawn, !drawn.included.isEmpty else { return false }
        return drawn.room(width: width, height: height) >= 2
    }

    /// - Parameters:
    ///   - found: the pixels of regions.
    ///   - dice: of the outlines and these.
    ///   - line: of the manifest, for the error.
    /// - Throws: `EvaluationError` of kind `unusableMask` for outlines that agree with what was found if they are some times as
    ///   large.
    func requireFullResolution(_ found: RunLengths, dice: Double, line: Int) throws(EvaluationError) {
        guard let drawn, dice < Self.doubtful, liesInUpperLeftQuarter else { return }
        let room = drawn.room(width: width, height: height)
        for factor in RegionsOfInterest.lowerResolutions where Double(factor) <= room {
            let larger = drawn.scaled(by: Double(factor))
            var filling = OutlineFilling(width: width, height: height)
            guard let pixels = try? filling.pixels(of: larger.included).subtracting(filling.pixels(of: larger.excluded))
            else { continue }
            if MaskOverlap(pixels, found).dice > max(Self.doubtful, 2 * dice) {
                throw EvaluationError(
                    .unusableMask,
                    "the outlines in line \(line) of the manifest lie on what was found if they are \(factor) times as large: they "
                        + "were drawn on a lower resolution; write them in pixels of the full one")
            }
        }
    }
}
