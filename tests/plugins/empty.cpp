// A shared library that is no plugin.

extern "C" int joust_test_answer() { return 42; }
