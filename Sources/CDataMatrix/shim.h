#ifndef SCANREPORT_CDATAMATRIX_SHIM_H
#define SCANREPORT_CDATAMATRIX_SHIM_H

// The header uses FILE without declaring it.
#include <stdio.h>
#include <dmtx.h>

#endif
