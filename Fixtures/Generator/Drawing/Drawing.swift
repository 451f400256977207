import Imaging
import Slides

/// A drawn window of a scan with the truth of each of its pixels.
public struct Drawing: Sendable {
    public let window: PixelWindow
    /// RGB, `[height, width, 3]`.
    public let pixels: [UInt8]
    /// `[height, width]`: 0 is no gland, `n` is `glands[n - 1]`.
    public let labels: [UInt16]
    /// The glands that have pixels here, in lattice order.
    let glands: [LatticeCell]

    /// The pixels that belong to any gland.
    public var mask: MaskImage {
        MaskImage(width: window.width, height: window.height, pixels: labels.map { $0 != 0 })
    }
}
