export {
  fitPipeline,
  type PipelineModel,
  type PipelineParts,
  type PipelineRows,
  pipelineColumnNames,
  pipelineRows,
  predictPipeline,
} from './pipeline.ts'
