/// What is measured of a scan's quality, under HistoQC's names where it has the same (Janowczyk et al. 2019). Shares are of the
/// overview's pixels unless they say otherwise.
public enum QualityMeasure: String, Sendable, Hashable, CaseIterable {
    /// Share of the scan that is tissue.
    case tissueShare = "tissue_share"
    /// Number of the overview's pixels that are tissue.
    case pixelsToUse = "pixels_to_use"
    /// Share that is marked with a pen.
    case penMarkings = "pen_markings"
    /// Share of the tissue whose brightest channel is clipped at 255.
    case brightestPixels = "brightestPixels"
    /// Share of the tissue that is nearly black: folds, dirt, too little light.
    case dark = "dark"
    /// Mean brightness of the tissue, 0...1.
    case grayscaleBrightness = "grayscale_brightness"
    /// Mean squared Sobel gradient of the brightness, median over windows of tissue at full resolution.
    case tenengradContrast = "tenenGrad_contrast"
    /// Variance of the Laplacian of the brightness, likewise.
    case laplacianVariance = "laplacian_variance"
    /// Mean optical density of hematoxylin over the tissue.
    case hematoxylinMean = "deconv_c0_mean"
    /// Mean optical density of eosin over the tissue.
    case eosinMean = "deconv_c1_mean"
}
