# How every library, program and test of the project is compiled.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(syncline_options INTERFACE)
target_include_directories(syncline_options INTERFACE ${PROJECT_SOURCE_DIR}/include
                                                      ${PROJECT_BINARY_DIR}/include
                                                      ${PROJECT_SOURCE_DIR}/src)
target_compile_options(syncline_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                                                  -Wnon-virtual-dtor -Woverloaded-virtual)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC bug 105651: false alarms for every `"text" + std::string` in C++20.
  target_compile_options(syncline_options INTERFACE -Wno-restrict)
endif()
if(SYNCLINE_WERROR)
  target_compile_options(syncline_options INTERFACE -Werror)
endif()
if(SYNCLINE_SANITIZE)
  add_compile_options(-fsanitize=${SYNCLINE_SANITIZE} -fno-omit-frame-pointer -g1)
  add_compile_options(-fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SYNCLINE_SANITIZE})
  if(SYNCLINE_SANITIZE MATCHES undefined)
    # They cost a third of the compile time, and a null pointer that is used is the address
    # sanitizer's find as well.
    add_compile_options(-fno-sanitize=null,vptr,object-size)
  endif()
  if(SYNCLINE_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
  endif()

  # Sanitized code compiles slowly, and much of that is one header that most rooms include. The
  # release build compiles without this, so that every file includes what it uses.
  file(WRITE ${PROJECT_BINARY_DIR}/room_headers.cpp "")
  add_library(room_headers OBJECT ${PROJECT_BINARY_DIR}/room_headers.cpp)
  target_link_libraries(room_headers PRIVATE syncline_options)
  target_precompile_headers(room_headers PRIVATE <nlohmann/json.hpp>)
endif()

# syncline_room(NAME sources... LINK libraries...): the static library of one room of src/.
function(syncline_room name)
  cmake_parse_arguments(ROOM "" "" "LINK" ${ARGN})
  add_library(syncline_${name} STATIC ${ROOM_UNPARSED_ARGUMENTS})
  target_link_libraries(syncline_${name} PUBLIC syncline_options ${ROOM_LINK})
  if(TARGET room_headers)
    target_precompile_headers(syncline_${name} REUSE_FROM room_headers)
  endif()
endfunction()

# What ./dev builds for the sanitizers: the tests labelled `core`, and those labelled `threads`.
add_custom_target(core_tests)
add_custom_target(threads_tests)

# What nearly every test includes takes a third of its compile time: all tests share one precompiled
# header. The optimiser takes another third, and test code need not be fast: what it tests is.
set(test_optimisation -O1)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # At -O1 g++ 12 sees sizes of allocations that can't occur.
  list(APPEND test_optimisation -Wno-alloc-size-larger-than)
endif()
function(syncline_test_headers)
  file(WRITE ${PROJECT_BINARY_DIR}/tests/headers.cpp "")
  add_library(test_headers OBJECT ${PROJECT_BINARY_DIR}/tests/headers.cpp)
  target_link_libraries(test_headers PRIVATE syncline_options syncline_rapidcheck)
  target_compile_options(test_headers PRIVATE ${test_optimisation})
  target_precompile_headers(test_headers PRIVATE <doctest/doctest.h> <nlohmann/json.hpp>)
endfunction()

# syncline_test(NAME sources... LINK libraries... [LABELS labels...]): one doctest program.
function(syncline_test name)
  cmake_parse_arguments(TEST "" "" "LINK;LABELS" ${ARGN})
  add_executable(test_${name} ${TEST_UNPARSED_ARGUMENTS} ${PROJECT_SOURCE_DIR}/tests/main.cpp)
  target_link_libraries(test_${name} PRIVATE syncline_options ${TEST_LINK} syncline_rapidcheck)
  if(NOT TARGET test_headers)
    syncline_test_headers()
  endif()
  target_compile_options(test_${name} PRIVATE ${test_optimisation})
  target_precompile_headers(test_${name} REUSE_FROM test_headers)
  # What holds doctest's own code must be the first to include it.
  set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/main.cpp PROPERTIES
                              SKIP_PRECOMPILE_HEADERS ON)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name}
                             PRIVATE SYNCLINE_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  add_test(NAME ${name} COMMAND test_${name})
  foreach(label ${TEST_LABELS})
    if(TARGET ${label}_tests)
      add_dependencies(${label}_tests test_${name})
    endif()
  endforeach()
  # A fixed seed: a property that fails once fails again.
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "RC_PARAMS=seed=20031057" LABELS
                                          "${TEST_LABELS}")
endfunction()
