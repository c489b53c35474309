// Each check of 'joust doctor', given good machines and bad ones.

#include <doctest/doctest.h>

#include <cerrno>
#include <map>
#include <nlohmann/json.hpp>

#include "runner/cli/doctor_command.hpp"
#include "runner/doctor/checks.hpp"
#include "runner/doctor/containment.hpp"
#include "runner/doctor/kernel.hpp"
#include "runner/doctor/limits.hpp"
#include "runner/doctor/memory.hpp"
#include "runner/doctor/programs.hpp"
#include "runner/doctor/slurm.hpp"
#include "runner/doctor/storage.hpp"
#include "runner/machine/programs.hpp"
#include "tests/support/scratch_folder.hpp"

namespace joust::doctor {
namespace {

namespace fs = std::filesystem;
using test::read_text;
using test::ScratchFolder;
using test::write_text;

constexpr std::uint64_t kGiB = 1ULL << 30;

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Of that grade, with these words in its two lines.
void expect(const Finding& finding, Grade grade, const std::string& found,
            const std::string& meaning) {
  CAPTURE(finding.check);
  CAPTURE(finding.found);
  CAPTURE(finding.meaning);
  CHECK(grade_name(finding.grade) == grade_name(grade));
  CHECK(has(finding.found, found));
  CHECK(has(finding.meaning, meaning));
  CHECK_FALSE(has(finding.found + finding.meaning, "\n"));
}

TEST_CASE("each feature of the kernel that is missing is a problem of its own") {
  const std::vector<Feature> features = {{"flying", "9.1", "workers fly", [] { return ENOSYS; }},
                                         {"walking", "0.1", "workers walk", [] { return 0; }},
                                         {"swimming", "9.2", "workers swim", [] { return EPERM; }}};
  const Findings findings = check_kernel(features);
  REQUIRE(findings.size() == 2);
  expect(findings[0], Grade::problem, "no flying: Function not implemented", "since 9.1");
  expect(findings[1], Grade::problem, "no swimming: Operation not permitted", "workers swim");
  CHECK_FALSE(would_work(findings));
  REQUIRE(check_kernel({features[1]}).size() == 1);
  CHECK(would_work(check_kernel({features[1]})));
}

TEST_CASE("what joust needs of the kernel can be had where its tests run") {
  for (const Feature& feature : kernel_features()) {
    CAPTURE(feature.name);
    CHECK(feature.attempt() == 0);
  }
}

TEST_CASE("a machine without /proc is a problem") {
  const ScratchFolder root;
  expect(check_proc(root.path()), Grade::problem, "proc/self/stat cannot be read", "mount");
  for (const char* file : {"stat", "environ", "cgroup"}) {
    write_text(root.path() / "proc/self" / file, "x");
  }
  expect(check_proc(root.path()), Grade::ok, "can be read", "");
}

TEST_CASE("a clock that needs system calls is noted") {
  expect(check_clock({"tsc", 25}), Grade::ok, "from tsc; a look at it takes 25 ns", "");
  expect(check_clock({"hpet", 1200}), Grade::note, "hpet", "system call");
  expect(check_clock({"", 25}), Grade::ok, "does not name", "");
  const ScratchFolder root;
  write_text(root.path() / "sys/devices/system/clocksource/clocksource0/current_clocksource",
             "kvm-clock\n");
  const Clock clock = try_clock(root.path());
  CHECK(clock.source == "kvm-clock");
  CHECK(clock.nanoseconds > 0);
}

TEST_CASE(
    "too few open files for the workers are a problem, and the cure depends on the hard limit") {
  Limits limits;
  expect(check_open_files(limits, 1000), Grade::ok, "any number", "");
  limits.open_files = {1024, 4096};
  expect(check_open_files(limits, 248), Grade::ok, "1024 files may be open, 248 workers need 1024",
         "");
  expect(check_open_files(limits, 249), Grade::problem, "249 workers need 1028", "ulimit -n 1028");
  expect(check_open_files(limits, 1024), Grade::problem, "", "hard limit of 4096");
}

TEST_CASE("processes are limited by the user's limit and by control groups") {
  expect(check_processes({}, 64), Grade::ok, "any number", "64 workers need 136");
  expect(check_processes({.limit = 1000, .taken = 864, .room = {}}, 64), Grade::ok, "136 more", "");
  expect(check_processes({.limit = 1000, .taken = 865, .room = {}}, 64), Grade::warning, "135 more",
         "but not for the programs");
  expect(check_processes({.limit = 1000, .taken = 2000, .room = {}}, 64), Grade::problem, "0 more",
         "64 workers could not be started");
  expect(check_processes({.limit = kUnlimited, .taken = 5, .room = 20}, 64), Grade::problem,
         "control groups: 20 left", "pids.max");
}

TEST_CASE("the room for processes is that of the tightest control group") {
  const ScratchFolder root;
  write_text(root.path() / "proc/self/mountinfo",
             "30 22 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  write_text(root.path() / "proc/self/cgroup", "0::/a/b\n");
  const fs::path group = root.path() / "sys/fs/cgroup/a";
  CHECK_FALSE(count_processes({}, root.path()).room);
  write_text(group / "pids.max", "100\n");
  write_text(group / "pids.current", "30\n");
  write_text(group / "b/pids.max", "max\n");
  CHECK(count_processes({}, root.path()).room == 70);
  write_text(group / "b/pids.max", "9\n");
  write_text(group / "b/pids.current", "10\n");
  CHECK(count_processes({}, root.path()).room == 0);
}

TEST_CASE("limits that are usually none are told where there are some") {
  Limits limits;
  REQUIRE(check_other_limits(limits).size() == 1);
  limits.core.soft = 0;
  expect(check_other_limits(limits)[0], Grade::ok, "none are written", "does not need them");
  limits.file_size.soft = 1 << 20;
  limits.processor.soft = 600;
  limits.data.soft = kGiB;
  const Findings findings = check_other_limits(limits);
  REQUIRE(findings.size() == 4);
  expect(findings[0], Grade::warning, "1.0 MiB", "ulimit -f unlimited");
  expect(findings[1], Grade::warning, "600 s", "ulimit -t unlimited");
  expect(findings[2], Grade::warning, "1.0 GiB", "memory_limit");
}

TEST_CASE("the limits of this process are read") {
  const Limits limits = read_limits();
  CHECK(limits.open_files.soft > 0);
  CHECK(limits.open_files.soft <= limits.open_files.hard);
  CHECK(count_processes(limits, "/").taken > 0);
}

TEST_CASE("containment without a control group is noted with its reason") {
  expect(check_containment({.group = "/x", .has_version2 = true, .is_forbidden = false}), Grade::ok,
         "(/x)", "also when joust is killed");
  expect(check_containment({.group = "", .has_version2 = true, .is_forbidden = true}), Grade::note,
         "JOUST_NO_CGROUP", "outlive");
  expect(check_containment({.group = "", .has_version2 = false, .is_forbidden = false}),
         Grade::note, "no control groups of version 2", "outlive");
  expect(check_containment({.group = "", .has_version2 = true, .is_forbidden = false}), Grade::note,
         "may not make", "systemd-run");
}

TEST_CASE("more workers than processors are noted") {
  machine::Processors processors{.allowed = 8, .quota = {}, .job = 0};
  expect(check_processors(processors, 8), Grade::ok, "8 processors may be used", "8 workers");
  processors.quota = 2.5;
  expect(check_processors(processors, 8), Grade::note, "grant the time of 2.5", "8 workers share");
  processors.job = 2;
  expect(check_processors(processors, 2), Grade::ok, "Slurm grants this job 2", "2 workers");
}

TEST_CASE("memory that does not do for the workers is a warning") {
  machine::MemoryLook look;
  look.total = 16 * kGiB;
  look.available = 12 * kGiB;
  expect(check_memory(look, 8), Grade::ok, "12.0 GiB can be had of 16.0 GiB",
         "1.4 GiB for each of 8");
  look.group = machine::GroupMemory{.limit = kGiB, .used = kGiB / 2};
  expect(check_memory(look, 8), Grade::ok, "the control group has 1.0 GiB", "");
  expect(check_memory(look, 100), Grade::warning, "", "not all of them will start");
  look.job = kGiB / 4;
  expect(check_memory(look, 8), Grade::ok,
         "256.0 MiB can be had of 256.0 MiB (the control group has 1.0 GiB and uses 512.0 MiB), "
         "Slurm grants this job 256.0 MiB",
         "");
  look.available = kGiB / 100;
  expect(check_memory(look, 8), Grade::warning, "10.2 MiB can be had", "one worker starts");
  expect(check_memory({}, 8), Grade::warning, "does not say", "set memory in [workers]");
}

TEST_CASE("a machine that has swapped is a warning") {
  const ScratchFolder root;
  const fs::path meminfo = root.path() / "proc/meminfo";
  write_text(meminfo, "SwapTotal: 0 kB\nSwapFree: 0 kB\n");
  expect(check_swap(root.path()), Grade::ok, "none", "");
  write_text(meminfo, "SwapTotal: 4194304 kB\nSwapFree: 4194304 kB\n");
  expect(check_swap(root.path()), Grade::ok, "0 B of 4.0 GiB used", "");
  write_text(meminfo, "SwapTotal: 4194304 kB\nSwapFree: 1048576 kB\n");
  expect(check_swap(root.path()), Grade::warning, "3.0 GiB of 4.0 GiB used", "deadlines");
}

TEST_CASE("strict overcommit is a warning") {
  const ScratchFolder root;
  expect(check_overcommit(root.path()), Grade::ok, "", "");
  write_text(root.path() / "proc/sys/vm/overcommit_memory", "1\n");
  expect(check_overcommit(root.path()), Grade::ok, "", "");
  write_text(root.path() / "proc/sys/vm/overcommit_memory", "2\n");
  write_text(root.path() / "proc/meminfo", "CommitLimit: 2097152 kB\nCommitted_AS: 1048576 kB\n");
  expect(check_overcommit(root.path()), Grade::warning, "1.0 GiB of 2.0 GiB", "sysctl");
}

Storage storage(const machine::FileSystem& file_system) {
  return {.folder = "/data",
          .is_above = false,
          .file_system = file_system,
          .trouble = "",
          .sync_seconds = 0.012};
}

TEST_CASE("a run directory that cannot be written is a problem; one of a network is noted") {
  const machine::FileSystem good{
      .name = "ext4", .is_network = false, .free_bytes = 9 * kGiB, .free_inodes = 100'000};
  expect(check_run_directory(storage(good)), Grade::ok,
         "/data: ext4, 9.0 GiB free, a small file is on the disk in 12 ms", "");
  machine::FileSystem bad = good;
  bad.is_network = true;
  bad.name = "nfs";
  expect(check_run_directory(storage(bad)), Grade::note, "nfs (a network file system)", "scratch");
  bad = good;
  bad.free_bytes = 1000;
  expect(check_run_directory(storage(bad)), Grade::warning, "1000 B free", "make room");
  bad = good;
  bad.free_inodes = 3;
  expect(check_run_directory(storage(bad)), Grade::warning, "", "only 3 more files");
  Storage locked = storage(good);
  locked.trouble = "Read-only file system";
  expect(check_run_directory(locked), Grade::problem, "no file can be written: Read-only", "--out");
}

TEST_CASE("scratch that is on a network, or cannot be written, is a warning") {
  machine::FileSystem file_system{
      .name = "tmpfs", .is_network = false, .free_bytes = 9 * kGiB, .free_inodes = 100'000};
  expect(check_scratch(storage(file_system)), Grade::ok, "tmpfs", "");
  file_system.is_network = true;
  expect(check_scratch(storage(file_system)), Grade::warning, "network", "TMPDIR");
  Storage locked = storage(file_system);
  locked.trouble = "Permission denied";
  expect(check_scratch(locked), Grade::warning, "Permission denied", "TMPDIR");
  file_system.is_network = false;
  Storage missing = storage(file_system);
  missing.is_above = true;
  expect(check_scratch(missing), Grade::warning, "does not exist", "TMPDIR");
}

TEST_CASE("of a folder that does not exist yet the one above is looked at, and nothing is left") {
  const ScratchFolder folder;
  const Storage found = try_storage(folder.path() / "runs/first/");
  CHECK(found.folder == folder.path());
  CHECK(found.is_above);
  CHECK_FALSE(try_storage(folder.path()).is_above);
  CHECK(found.trouble.empty());
  CHECK(found.sync_seconds > 0);
  REQUIRE(found.file_system);
  CHECK(fs::is_empty(folder.path()));
  write_text(folder.path() / "file", "");
  CHECK(try_storage(folder.path() / "file").trouble == "Not a directory");
  CHECK_FALSE(try_storage("/proc").trouble.empty());
}

TEST_CASE("a program of joust's that is missing, broken or of another version has its grade") {
  OwnProgram program{"joust-worker", "", {"/a/joust-worker", "/b/joust-worker"}, {}};
  const auto check = [&] { return check_own_program(program, Grade::problem, "it plays"); };
  expect(check(), Grade::problem, "/a/joust-worker or /b/joust-worker", "build or install");
  program.file = "/a/joust-worker";
  program.version.trouble = "it ended with exit code 2";
  expect(check(), Grade::problem, "does not work: it ended with exit code 2", "");
  program.version = {true, "joust-worker 0.0.1\n", ""};
  expect(check(), Grade::problem, "says 'joust-worker 0.0.1'", "");
  program.version.output = "joust-worker " JOUST_VERSION "\n";
  expect(check(), Grade::ok, "/a/joust-worker", "it plays");
}

TEST_CASE("stacks that cannot be taken are a warning, with what may be done") {
  expect(check_stacks({{true, "", ""}, "1"}), Grade::ok, "ptrace_scope is 1", "");
  expect(check_stacks({{false, "", "it ended with exit code 1"}, "2"}), Grade::warning,
         "it ended with exit code 1", "sysctl");
  expect(check_stacks({{false, "", "it ended with exit code 1"}, ""}), Grade::warning, "",
         "SYS_PTRACE");
}

TEST_CASE("Python without the package is noted, and a package of another version is a warning") {
  expect(check_python({"", {}}), Grade::note, "no python3", "");
  expect(check_python({"/p", {false, "", "it did not answer within 10s"}}), Grade::warning,
         "did not answer", "");
  expect(check_python({"/p", {true, "3.11.2\nno: No module named 'joust'\n", ""}}), Grade::note,
         "(No module named 'joust')", "PYTHONPATH");
  expect(check_python({"/p", {true, "3.11.2\n0.0.9\n", ""}}), Grade::warning, "joust is 0.0.9", "");
  expect(check_python({"/p", {true, "3.11.2\n" JOUST_VERSION "\n", ""}}), Grade::ok, "3.11.2", "");
}

TEST_CASE("a job of Slurm that is not kept to its processors is noted") {
  expect(check_slurm({}, 8), Grade::ok, "no sbatch", "this machine");
  Slurm outside;
  outside.sbatch = "/bin/sbatch";
  expect(check_slurm(outside, 8), Grade::ok, "/bin/sbatch", "joust submit slurm");
  std::map<std::string, std::string> variables{{"SLURM_JOB_ID", "42"},
                                               {"SLURM_ARRAY_TASK_ID", "3"},
                                               {"SLURM_CPUS_PER_TASK", "4"},
                                               {"SLURM_MEM_PER_NODE", "8192"},
                                               {"SLURM_JOB_END_TIME", "1763726400"}};
  const auto environment = [&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  expect(check_slurm(find_slurm(environment), 4), Grade::ok,
         "in job 42, element 3, 4 processors (SLURM_CPUS_PER_TASK), 8.0 GiB (SLURM_MEM_PER_NODE), "
         "until 2025-11-21 12:00:00 UTC",
         "keep to");
  expect(check_slurm(find_slurm(environment), 8), Grade::note, "", "8 may be used");
  variables = {{"SLURM_JOB_ID", "42"}};
  expect(check_slurm(find_slurm(environment), 8), Grade::warning, "in job 42", "--workers");
}

TEST_CASE("programs are found in the folders of PATH, in their order") {
  const ScratchFolder folder;
  for (const char* name : {"a/tool", "b/tool", "c/tool"}) write_text(folder.path() / name, "");
  for (const char* name : {"b/tool", "c/tool"}) {
    fs::permissions(folder.path() / name, fs::perms::owner_all);
  }
  const std::string path = (folder.path() / "a").string() + "::" + (folder.path() / "b").string() +
                           ":" + (folder.path() / "c").string();
  CHECK(machine::find_in_path("tool", path) == folder.path() / "b/tool");
  CHECK(machine::find_in_path("tool", "").empty());
}

TEST_CASE("findings are shown in two lines each, and counted") {
  const cli::Examined examined{
      .host = "node1",
      .kernel = "6.1.0",
      .dir = "/data",
      .workers = 4,
      .findings = {{"swap", Grade::ok, "none", "nothing is slowed down"},
                   {"run directory", Grade::problem, "read-only", "choose another"}}};
  CHECK(cli::findings_text(examined, false) ==
        "joust " JOUST_VERSION
        " on node1, Linux 6.1.0; a run of 4 workers in /data\n\n"
        "ok       swap                 none\n"
        "                              nothing is slowed down\n"
        "problem  run directory        read-only\n"
        "                              choose another\n\n"
        "a run would fail here, see what is called a problem: 1 ok, 0 notes, 0 warnings, 1 "
        "problem\n");
  CHECK(has(cli::findings_text(examined, true), "\033[31mproblem"));
  const auto json = nlohmann::json::parse(cli::findings_json(examined));
  CHECK(json["would_work"] == false);
  CHECK(json["counts"]["problem"] == 1);
  CHECK(json["findings"][1]["check"] == "run directory");
  const std::string page = read_text(JOUST_SOURCE_DIR "/runner/doctor/README.md");
  for (const auto& entry : json.items()) {
    CAPTURE(entry.key());
    const std::string more = entry.value().is_array()    ? "[]"
                             : entry.value().is_object() ? "."
                                                         : "`";
    CHECK(has(page, "`" + entry.key() + more));
  }
  for (const auto& entry : json["findings"][0].items()) {
    CAPTURE(entry.key());
    CHECK(has(page, "`findings[]." + entry.key() + "`"));
  }
}

}  // namespace
}  // namespace joust::doctor
