import TIFF

/// A rectangle of whole pixels, `x` and `y` its top left corner: the TIFF reader's type, under this module's name too so that
/// nobody above need import that.
public typealias PixelWindow = TIFF.PixelWindow
