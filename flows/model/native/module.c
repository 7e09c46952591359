/* levels() and run(): which of the kernels this processor can run, and one window through one of them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "kernel.h"

static PyObject *levels(PyObject *module, PyObject *nothing) {
    PyObject *names = PyList_New(0);
    for (const Level *level = LEVELS; names && level->name; level++) {
        if (!level->is_supported()) continue;
        PyObject *name = PyUnicode_FromString(level->name);
        if (!name || PyList_Append(names, name) < 0) Py_CLEAR(names);
        Py_XDECREF(name);
    }
    return names;
}

/* --- a window ---------------------------------------------------------------------------------------------------------------------- */

static int all_below(const int64_t *numbers, int n, int64_t limit) {
    for (int i = 0; i < n; i++)
        if (numbers[i] < 0 || numbers[i] >= limit) return 0;
    return 1;
}

static const char *fault(const Window *window, const Py_buffer *inputs, const Py_buffer *heads, const Py_buffer *arcs, const Weights *w) {
    size_t n = (size_t)window->n, m = (size_t)window->m;
    for (int i = 0; i < 3; i++)
        if (inputs[i].len != (Py_ssize_t)(n * sizeof(int64_t))) return "pieces, forms and hints must be as many";
    if (!all_below(window->pieces, window->n, VOCABULARY)) return "a piece is not in the vocabulary";
    if (!all_below(window->forms, window->n, FORMS)) return "a form is out of range";
    if (!all_below(window->hints, window->n, 1 << HINTS)) return "hints are out of range";
    if (!all_below(window->firsts, window->m, window->n)) return "a word begins outside the window";
    if (heads->len != (Py_ssize_t)(m * (size_t)w->heads.out * sizeof(float))) return "the room for scores is of another size";
    if (arcs->len != (Py_ssize_t)(m * m * sizeof(float))) return "the room for arcs is of another size";
    return NULL;
}

/* run(level, weights, labels, pieces, forms, hints, firsts, heads, arcs): the last two, rows of floats, are filled in. */
static PyObject *run(PyObject *module, PyObject *arguments) {
    const char *name;
    int labels;
    Py_buffer blob, inputs[4], heads, arcs;
    if (!PyArg_ParseTuple(arguments, "sy*iy*y*y*y*w*w*", &name, &blob, &labels, &inputs[0], &inputs[1], &inputs[2], &inputs[3], &heads, &arcs))
        return NULL;
    const Level *level = find_level(name);
    const char *wrong = NULL;
    void *memory = NULL;
    Weights weights;
    Py_ssize_t n = inputs[0].len / 8, m = inputs[3].len / 8;
    Window window = {(int)n, (int)m, inputs[0].buf, inputs[1].buf, inputs[2].buf, inputs[3].buf};
    if (!level)
        wrong = "this processor has no such level";
    else if (labels < 1 || labels > MAX_LABELS || (uintptr_t)blob.buf % 64 || !read_weights(blob.buf, (size_t)blob.len, labels, &weights))
        wrong = "the weights are not laid out as the kernel reads them";
    else if (n < 1 || n > MAX_PIECES || m < 1 || m > n)
        wrong = "a window holds 1 to 256 pieces, and no more words";
    else
        wrong = fault(&window, inputs, &heads, &arcs, &weights);
    if (wrong)
        PyErr_SetString(PyExc_ValueError, wrong);
    else if (!(memory = PyMem_RawMalloc(sizeof(Room) + 64)))
        PyErr_NoMemory();
    else {
        Py_BEGIN_ALLOW_THREADS
        level->run(&weights, &window, (Room *)(((uintptr_t)memory + 63) / 64 * 64), heads.buf, arcs.buf);
        Py_END_ALLOW_THREADS
        PyMem_RawFree(memory);
    }
    Py_buffer *buffers[] = {&blob, &inputs[0], &inputs[1], &inputs[2], &inputs[3], &heads, &arcs};
    for (int i = 0; i < 7; i++) PyBuffer_Release(buffers[i]);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"levels", levels, METH_NOARGS, "Names of the kernels that this processor can run, the fastest first."},
    {"run", run, METH_VARARGS, "The scores of one window."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernel", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__kernel(void) {
    PyObject *made = PyModule_Create(&module);
    if (made && PyModule_AddStringConstant(made, "SOURCES", SOURCES) < 0) Py_CLEAR(made);
    return made;
}
