#pragma once
// Puts names to a crash record (worker/crash_handler.hpp tells its lines).

#include <string>

namespace joust::stacks {

// Prints the record with names, function by function, and the modules. The record may hold
// anything: lines that make no sense are printed as they are. False: there is no stack in it.
bool print_crash(const std::string& record);

}  // namespace joust::stacks
