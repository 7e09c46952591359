/* Functions of the module `_native`, each of which is optional: Python does the same with arrays where they are not compiled. Both give
   the same numbers, which tests make sure of. All check that buffers fit each other; numbers are of the machine's own byte order. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ODD UINT32_C(0x85EBCA6B) /* what runs of words are hashed with */

/* Number of the lowest bit that is set; there is one. */
static inline int lowest(uint64_t bits) {
#if defined(__GNUC__)
    return __builtin_ctzll(bits);
#else
    int n = 0;
    for (; !(bits & 1); bits >>= 1) n++;
    return n;
#endif
}

/* Asks for what will be read so many steps later. */
#define AHEAD 16
#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) (void)(address)
#endif

PyObject *scan(PyObject *module, PyObject *arguments);
PyObject *sign(PyObject *module, PyObject *arguments);
PyObject *sort(PyObject *module, PyObject *arguments);
PyObject *join(PyObject *module, PyObject *arguments);
PyObject *compare(PyObject *module, PyObject *arguments);
PyObject *shared_runs(PyObject *module, PyObject *arguments);
PyObject *changed_pairs(PyObject *module, PyObject *arguments);
PyObject *run_places(PyObject *module, PyObject *arguments);
PyObject *spread(PyObject *module, PyObject *arguments);
