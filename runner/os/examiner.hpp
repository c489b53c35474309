#pragma once
// Post-mortems: processes of the program joust-stacks, which look into workers that are stuck and
// put names to what workers that crashed have left. The supervisor never waits for them: each gives
// up by itself after two seconds, and is ended a second later. Where stacks are not whole, the last
// line says why.

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runner/os/descriptor_watch.hpp"
#include "runner/os/worker_process.hpp"

namespace joust::os {

class Examiner {
 public:
  // `program`: joust-stacks; empty: nothing is ever examined. REQUIRES: `io` and `spawner` outlive
  // the examiner.
  Examiner(boost::asio::io_context& io, Spawner& spawner, std::filesystem::path program)
      : io_(io), spawner_(spawner), program_(std::move(program)) {}
  ~Examiner() { disband(); }
  Examiner(const Examiner&) = delete;
  Examiner& operator=(const Examiner&) = delete;

  // Begins to write the stacks of all threads of the worker, and of its descendants, to `file`;
  // examined() tells when that has ended. False: it could not begin.
  bool take_stacks(core::WorkerId worker, int pid, const std::filesystem::path& file);

  // Replaces a crash record in `file` by one with names. When that fails, or when so many are at
  // work already that more would slow the run, the record stays as it is.
  void name_functions(const std::filesystem::path& file);

  // Prints the stacks of these processes to standard error, some time soon. Why that is not
  // possible; empty if it is.
  std::string_view print_stacks(const std::vector<int>& pids);

  // Whether a process at work may be holding this one still.
  bool holds(int pid) const;

  // Ends those that may be holding this process: it could not be reaped while they do.
  void let_go(int pid);

  // The workers whose stacks have been taken, or could not be, since the last call. Ends what has
  // been at work for too long.
  std::vector<core::WorkerId> examined();

  // The processes that are at work.
  std::vector<int> processes() const;

  // Waits for those at work, no longer than they may take, and ends them.
  void disband();

 private:
  struct Job {
    ChildProcess child;
    std::vector<int> held;        // processes it looks into
    core::WorkerId worker;        // whose stacks are taken
    bool is_examination = false;  // for a post-mortem
    UniqueFd out;                 // of an examination: the file
    TimePoint begun{};
    bool cut_off = false;        // it was ended by us
    std::filesystem::path made;  // to be renamed to `wanted` when it succeeds; empty: nothing
    std::filesystem::path wanted;
    bool ended = false;
    std::unique_ptr<DescriptorWatch> watch;  // declared last: goes before what it watches

    bool prints() const { return !held.empty() && !is_examination; }  // to standard error
  };

  Job* start(std::vector<std::string> arguments, int out);
  static void end(Job& job);
  static bool finish(Job& job);
  static void complete(Job& job, const core::ProcessEnd& end);

  boost::asio::io_context& io_;
  Spawner& spawner_;
  std::filesystem::path program_;
  std::vector<std::unique_ptr<Job>> jobs_;
};

}  // namespace joust::os
