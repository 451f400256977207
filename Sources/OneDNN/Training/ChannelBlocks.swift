import CConvolution
import NeuralNetworks

/// Images whose channels lie in blocks: `[images, blocks, pixels, block]`.
struct ChannelBlocks {
    let images: Int
    let channels: Int
    let pixels: Int
    /// Channels of a block.
    let block: Int

    /// - Parameter shape: `[N, C, D1, ...]`.
    init(_ shape: Shape) {
        images = shape[0]
        channels = shape[1]
        pixels = shape.dimensions.dropFirst(2).reduce(1, *)
        block = InstructionSet.current.channelBlock.rawValue
    }

    var blocks: Int { (channels + block - 1) / block }
    /// With those that fill the last block.
    var paddedChannels: Int { blocks * block }
    /// Elements of each channel.
    var count: Int { images * pixels }

    /// As the inner loops take it.
    var raw: channel_blocks { channel_blocks(images: images, blocks: blocks, pixels: pixels, lanes: block) }
}
