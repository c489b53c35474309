#pragma once
// What a worker leaves behind when it crashes: a text in its black box, which the supervisor reads
// when the worker is gone, and one line on standard error.
//
//     joust crash record 1
//     signal 11 SIGSEGV
//     code 1
//     address 0x0                      or `sender 4711` where a process sent the signal
//     thread 4712
//     pc 0x0                           where it was interrupted
//     frame 0x55d0c61f8a31             return addresses, innermost first
//     ...
//     skipped 4711                     frames, between the innermost 112 and the outermost 16;
//                                      when no frame follows: the walk took too long
//     frame 0x55d0c61f7000
//     ...
//     module 0x55d0c6100000 8c1f...    load base, build id (or -), path; those that frames are in
//     end
//
// Numbers are in decimal where they do not begin with 0x. Each line counts once it is whole, so a
// record that breaks off is still good as far as it goes. joust-stacks --symbolise puts names to
// it.

#include <cstddef>

namespace joust::worker {

// Installs the handler for SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS and SIGTRAP, with an
// alternate stack for the calling thread; other threads are served on their own stacks, as long as
// these are sound: one that overflows leaves no record unless it has an AlternateStack
// (common/alternate_stack.hpp). The handler takes no lock of ours (the loader's may be taken to
// list the modules), allocates nothing, and always ends the process by the signal that it was
// called for, at the latest after a second; when it crashes itself, at once. A forked child is left
// to end without a record. Builds with sanitizers, which have handlers of their own, install
// nothing.
// REQUIRES: `box` holds a BlackBoxHead (common/channel_layout.hpp) followed by text, `size` bytes
// in all, zeros, and is never unmapped. Call it once per process.
void install_crash_handler(char* box, std::size_t size);

}  // namespace joust::worker
