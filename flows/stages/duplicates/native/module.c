#include "native.h"

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS, "Hash, start and length of every word."},
    {"sign", sign, METH_VARARGS, "The sampled shingles and a digest of the words of each text."},
    {"sort", sort, METH_VARARGS, "Sort the sampled shingles."},
    {"join", join, METH_VARARGS, "Pairs of articles that share enough shingles."},
    {"compare", compare, METH_VARARGS, "What the texts of some pairs have in common, and what differs."},
    {"shared_runs", shared_runs, METH_VARARGS, "The runs of words that stand in several groups of articles."},
    {"changed_pairs", changed_pairs, METH_VARARGS, "The pairs of articles that are joined by other shingles than before."},
    {"spread", spread, METH_VARARGS, "Over how many segments of an article what it shares with another is spread."},
    {"run_places", run_places, METH_VARARGS, "Where runs of words stand in other articles."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_native", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void) {
    PyObject *made = PyModule_Create(&module);
    if (made && PyModule_AddStringConstant(made, "SOURCES", SOURCES) < 0) Py_CLEAR(made);
    return made;
}
