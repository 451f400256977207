import CConvolution
import NeuralNetworks

/// The means of windows of row-major planes, for which oneDNN has its reference alone: to the bit as that.
struct AveragingStep: KernelStep {
    let source, destination: Location
    /// Images times channels.
    let planes: Int
    let geometry: WindowGeometry
    let threads: Int

    var locations: [Location] { [source, destination] }

    func execute(_ address: (Location) -> UnsafeMutableRawPointer?) {
        guard let from = address(source)?.assumingMemoryBound(to: Float.self),
            let to = address(destination)?.assumingMemoryBound(to: Float.self)
        else { return }
        let (height, width) = (geometry.inputShape[0], geometry.inputShape[1])
        let (rows, columns) = (geometry.outputShape[0], geometry.outputShape[1])
        Threads.perform(min(threads, planes * rows)) { thread, threads in
            for row in planes * rows * thread / threads..<planes * rows * (thread + 1) / threads {
                let (plane, line) = row.quotientAndRemainder(dividingBy: rows)
                convolution_average_row(
                    from + (plane * height + line * geometry.strides[0]) * width, width, geometry.kernelShape[0],
                    geometry.kernelShape[1], geometry.strides[1], columns, to + row * columns)
            }
        }
    }
}

extension WindowGeometry {
    /// Whether it is of two axes, and every window lies within the data.
    var liesWithinImage: Bool {
        rank == 2 && padsBegin.allSatisfy { $0 == 0 } && neededPadsEnd.allSatisfy { $0 <= 0 }
            && dilations.allSatisfy { $0 == 1 }
    }
}
