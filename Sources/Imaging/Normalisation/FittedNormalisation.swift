import NeuralNetworks
import Slides

/// A normalisation with its estimates for one scan: a value that any thread may use on any tile.
public struct FittedNormalisation: Sendable, Hashable {
    let transforms: [ColourTransform]
    let table: IntensityTable
    /// Steps that could not be fitted, see ``Normalisation/fitted(to:)``.
    public let fallbacks: [NormalisationFallback]

    /// The picture after the steps from colour to colour.
    ///
    /// - Parameter place: where the picture lies in its scan; nil for one that is the whole scan.
    public func colourNormalised(_ image: RGBImage, at place: PicturePlace? = nil) -> RGBImage {
        transforms.reduce(image) { $1.applied(to: $0, at: place ?? PicturePlace(whole: image)) }
    }

    /// A network's input `[N, 3, H, W]`, `float32`, of whole scans.
    ///
    /// - Precondition: there is at least one picture, and all have the same size.
    public func tensor(of images: [RGBImage]) -> Tensor {
        guard let first = images.first else { preconditionFailure("no picture") }
        precondition(
            images.allSatisfy { $0.width == first.width && $0.height == first.height }, "pictures of two sizes")
        let plane = first.width * first.height
        let elements = [Float](unsafeUninitializedCapacity: images.count * 3 * plane) { buffer, initialized in
            for (index, image) in images.enumerated() {
                fill(buffer, from: index * 3 * plane, with: colourNormalised(image))
            }
            initialized = images.count * 3 * plane
        }
        return Tensor(shape: [images.count, 3, first.height, first.width], elements)
    }

    /// A network's input `[3, H, W]`, of a part of a scan.
    public func planes(of image: RGBImage, at place: PicturePlace) -> [Float] {
        let count = 3 * image.width * image.height
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            fill(buffer, from: 0, with: colourNormalised(image, at: place))
            initialized = count
        }
    }

    /// Writes `[3, H, W]` at `start`.
    private func fill(_ buffer: UnsafeMutableBufferPointer<Float>, from start: Int, with image: RGBImage) {
        let plane = image.width * image.height
        image.pixels.withUnsafeBufferPointer { pixels in
            table.values.withUnsafeBufferPointer { table in
                for index in 0..<plane {
                    buffer[start + index] = table[Int(pixels[3 * index])]
                    buffer[start + plane + index] = table[256 + Int(pixels[3 * index + 1])]
                    buffer[start + 2 * plane + index] = table[512 + Int(pixels[3 * index + 2])]
                }
            }
        }
    }
}
