#include "native.h"

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS, "Hash, start and length of every word."},
    {"sign", sign, METH_VARARGS, "The sampled shingles and a digest of the words of each text."},
    {"sort", sort, METH_VARARGS, "Sort the sampled shingles."},
    {"join", join, METH_VARARGS, "Pairs of articles that share enough shingles."},
    {"compare", compare, METH_VARARGS, "What the texts of some pairs have in common, and what differs."},
    {"shared_passages", shared_passages, METH_VARARGS, "The passages that stand in several groups of articles."},
    {"passages", passages, METH_VARARGS, "The passages of some runs of words."},
    {"changed_pairs", changed_pairs, METH_VARARGS, "The pairs of articles that are joined by other shingles than before."},
    {"spread", spread, METH_VARARGS, "Over how many segments of an article what it shares with another is spread."},
    {"run_places", run_places, METH_VARARGS, "Where runs of words stand in other articles."},
    {"release", release, METH_NOARGS, "Give back the memory that is kept for a next step."},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_native", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void) {
    PyObject *made = PyModule_Create(&module);
    if (made && PyModule_AddStringConstant(made, "SOURCES", SOURCES) < 0) Py_CLEAR(made);
    return made;
}
